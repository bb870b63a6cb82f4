"""A store of attachments and of exported audit events in the data folder, which speaks what the API
and its forms say to S3."""

BUCKET = "attachments"
AUDIT_BUCKET = "audit-events"
KEY_ID = "local"  # whose secret is the folder's
REGION = "us-east-1"

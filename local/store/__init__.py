"""A store of attachments in the data folder, which speaks what the API and its forms say to S3."""

BUCKET = "attachments"
KEY_ID = "local"  # whose secret is the folder's
REGION = "us-east-1"

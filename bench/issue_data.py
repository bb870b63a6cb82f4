"""What `bench.issues` measures: three tenants with as many issues each."""

from pathlib import Path

from bench.filling import Script

USERS, PROJECTS, EVENTS = 2_000, 30, 500
SCRIPT = Script(
    Path(__file__).with_suffix(".sql"),
    {"users": USERS, "projects": PROJECTS, "events": EVENTS},
    ("issues", "issue_values", "issue_keys", "watchers", "links"),
    (
        "issue_fields",
        "issue_types",
        "projects",
        "users",
        "tenant_users",
        "audit_events",
        "audit_subjects",
    ),
)

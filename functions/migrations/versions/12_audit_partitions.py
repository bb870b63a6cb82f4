"""The log of changes by quarters; what of it was exported."""

from alembic import op

from migrations.script import apply, concurrently, index_concurrently, run_exclusively

revision = "12_audit_partitions"
down_revision = "11_lacking_values"

INDEXES = {"ix_audit_subjects_event_id": "audit_subjects (tenant_id, event_id)"}


def upgrade() -> None:
    """What the table holds will be the first partition. That ATTACH needs not read it while nobody
    else may, it is read before, by a check."""
    apply("kernel")
    run_exclusively(f"{revision}/add_check")
    try:
        concurrently("ALTER TABLE audit_events VALIDATE CONSTRAINT ck_audit_events_id")
        index_concurrently(INDEXES)
        run_exclusively(f"{revision}/tables")
    except Exception:  # the check would refuse what comes after its time
        run_exclusively(f"{revision}/drop_check")
        op.get_bind().commit()  # what Alembic would undo
        raise

"""The log of changes by quarters; what of it was exported."""

from alembic import op

from migrations.script import apply, run_script

revision = "12_audit_partitions"
down_revision = "11_lacking_values"

# What the table holds will be the first partition, up to a time that is a quarter off at the least.
# The check spares ATTACH from reading it all while nobody else may: it is read here, by statements
# of their own, while others read and write. A check that a broken off run left behind would refuse
# what comes after that time; the next run makes it anew.
READ = (
    "COMMIT",  # Alembic has asked for the isolation level, for which the driver began a transaction
    "SET ROLE nexus_owner",
    "SET lock_timeout = '5s'",
    "SET statement_timeout = '600s'",
    "ALTER TABLE audit_events DROP CONSTRAINT IF EXISTS ck_audit_events_id",
    """DO $$ BEGIN EXECUTE format(
        'ALTER TABLE audit_events ADD CONSTRAINT ck_audit_events_id CHECK (id < %L) NOT VALID',
        nexus.least_ulid(nexus.quarter_from_now(2))); END $$""",
    "SET lock_timeout = '60s'",  # nobody waits behind the rest
    "ALTER TABLE audit_events VALIDATE CONSTRAINT ck_audit_events_id",
    "DROP INDEX IF EXISTS ix_audit_subjects_event_id",
    "CREATE INDEX CONCURRENTLY ix_audit_subjects_event_id ON audit_subjects (tenant_id, event_id)",
)
UNDO = "ALTER TABLE audit_events DROP CONSTRAINT IF EXISTS ck_audit_events_id"


def upgrade() -> None:
    apply("kernel")
    with op.get_context().autocommit_block():
        try:
            for statement in READ:
                op.execute(statement)
        except Exception:
            op.execute(UNDO)
            raise
        op.execute("RESET ALL")
        op.execute("RESET ROLE")
    run_script(f"{revision}/tables")

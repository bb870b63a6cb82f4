"""An asset's place follows statements, not rows; what triggers keep is kept from the API's role."""

from migrations.script import apply, run_exclusively

revision = "13_assets_in_sets"
down_revision = "12_audit_partitions"


def upgrade() -> None:
    apply("assets/carry_model", "assets/follow_circulation", "assets/hold_model")
    apply("kernel/audit", "kernel/keep_from_app", "kernel/ulid")
    run_exclusively(revision)

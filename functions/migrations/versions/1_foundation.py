"""Roles, the kernel's functions, and the System module's tables."""

from alembic import op

from migrations.script import apply, run_script

revision = "1_foundation"
down_revision = None


def upgrade() -> None:
    run_script("1_foundation/roles")
    op.execute("SET LOCAL ROLE nexus_owner")
    op.execute("ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC")
    apply("kernel", "system")
    for name in ("kernel", "system", "seeds"):
        run_script(f"1_foundation/{name}")

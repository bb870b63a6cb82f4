"""Roles, the kernel's functions, and the System module's tables."""

from pathlib import Path

from alembic import op

from migrations.script import run_script

revision = "0001"
down_revision = None

SCRIPTS = Path(__file__).with_suffix("")


def upgrade() -> None:
    run_script(SCRIPTS / "1_roles.sql")
    op.execute("SET LOCAL ROLE nexus_owner")
    for name in ("2_kernel.sql", "3_system.sql", "4_seeds.sql"):
        run_script(SCRIPTS / name)

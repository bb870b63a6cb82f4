"""What else the roles have set in this database; indexes for ranges of issues and assets."""

from migrations.script import apply, run_script

revision = "8_settings_and_ranges"
down_revision = "7_assets"


def upgrade() -> None:
    apply("kernel/is_own", "kernel/make_search_view", "kernel/index_search")
    run_script(revision)
    apply("assets", "projects/prepare_issue")

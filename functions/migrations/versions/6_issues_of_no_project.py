"""Issues from before without a project go to the shared ones: repairs to Maintenance Service, the
others to Technology Service. Each gets its key there, and an entry in its history."""

from migrations.script import run_script

revision = "6_issues_of_no_project"
down_revision = "5_projects"


def upgrade() -> None:
    run_script(revision)

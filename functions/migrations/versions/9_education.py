"""Education: schools and their years, who learns and works where."""

from migrations.script import apply, run_script

revision = "9_education"
down_revision = "8_settings_and_ranges"


def upgrade() -> None:
    apply("education")
    for name in ("tables", "seeds"):
        run_script(f"{revision}/{name}")

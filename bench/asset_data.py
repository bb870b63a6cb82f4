"""What `bench.assets` measures: three tenants with as many assets each, in 20,000 places."""

from pathlib import Path

from bench.filling import Script

MODELS, MAKERS, PROJECTS, LOCATIONS, HELD, REPAIRS, EVENTS = 500, 40, 30, 20_000, 5_000, 30_000, 500
TABLES = ("assets", "asset_circulations", "asset_assignments", "asset_repairs", "issues", "persons")


def script(assets: int) -> Script:
    """There is less of everything among few assets."""
    told = {
        "models": MODELS,
        "makers": MAKERS,
        "projects": PROJECTS,
        "locations": min(LOCATIONS, assets),
        "held": min(HELD, assets // 20),
        "repairs": min(REPAIRS, assets // 10),
        "events": EVENTS,
    }
    others = (
        "manufacturers",
        "asset_types",
        "asset_models",
        "projects",
        "audit_events",
        "audit_subjects",
    )
    return Script(Path(__file__).with_suffix(".sql"), told, (*TABLES, "locations"), others)

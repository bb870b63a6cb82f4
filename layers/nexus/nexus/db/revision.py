"""The database revision that this code was written for: `make generate` writes it."""

HEAD = "13_assets_in_sets"


def number(revision: str | None) -> int:
    """Revisions follow on one another by it. A later one than HEAD is no trouble: while a release
    is on its way, or was taken back, this code serves on what the other has migrated. What is none
    of this history comes before all."""
    digits = (revision or "").partition("_")[0]
    return int(digits) if digits.isdecimal() else 0

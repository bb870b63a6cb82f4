"""What stored data was made by is never edited."""

import hashlib
import re
from pathlib import Path

from migrations.script import HERE
from tests.support.database import Session

# Functions that generated columns, indexes and checks lean on, each with its file's hash. Once
# released, a changed one would answer otherwise than what is stored: it gets a new name instead.
FROZEN: dict[str, str] = {
    "census/joined_name": "714990faeac53ec8",
    "kernel/fold_search": "90bd644d58e61288",
    "kernel/fold_unique": "15d1f85065741f4f",
    "kernel/root_tenant_id": "399620a1fb1f0a5c",
    "kernel/search_grams": "3dd395bea7e90aaa",
    "kernel/search_text": "a20497bd1e33c372",
    "kernel/ulid_time": "8f3c96e8d49ce81e",
    "projects/field_set": "5e798ceaf0447716",
}
LEANED_ON = """
    SELECT DISTINCT p.proname FROM pg_depend d JOIN pg_proc p ON p.oid = d.refobjid
    WHERE d.refclassid = 'pg_proc'::regclass AND p.pronamespace = 'nexus'::regnamespace
    AND d.classid IN ('pg_attrdef'::regclass, 'pg_class'::regclass, 'pg_constraint'::regclass)
"""


def test_functions_that_stored_data_leans_on_are_as_they_were(superuser: Session) -> None:
    found = {path: _digest(path) for path in _with_what_they_call(superuser.column(LEANED_ON))}
    assert found == FROZEN


def _with_what_they_call(names: list[str]) -> set[str]:
    """The files of these functions and of those that they name."""
    files = {path.stem: path for path in (HERE / "sql").glob("*/*.sql")}
    seen: dict[str, Path] = {}
    while names:
        name = names.pop()
        if name in files and name not in seen:
            seen[name] = files[name]
            names += re.findall(r"nexus\.(\w+)\(", files[name].read_text())
    return {str(path.relative_to(HERE / "sql").with_suffix("")) for path in seen.values()}


def _digest(path: str) -> str:
    return hashlib.sha256((HERE / "sql" / f"{path}.sql").read_bytes()).hexdigest()[:16]

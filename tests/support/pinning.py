"""What RDS Proxy keeps a database's session for one client for, by its documentation: it reads each
statement, but not what functions of the database do."""

import re

from nexus.pg.connection import LONGEST_TEXT

STATEMENTS = "SET|RESET|DISCARD|PREPARE|DEALLOCATE|EXECUTE|DECLARE|LISTEN|LOAD"
FUNCTIONS = "set_config|nextval|setval|pg_(?:try_)?advisory_lock(?:_shared)?"
PINNING = re.compile(
    rf"^(?:\n\s*)?(?:{STATEMENTS})\s|\b(?:{FUNCTIONS})\s*\(|\bTEMP(?:ORARY)?\s+(?:TABLE|VIEW|SEQ)"
)


def pins(sql: str) -> bool:
    return bool(PINNING.search(sql)) or len(sql) > LONGEST_TEXT

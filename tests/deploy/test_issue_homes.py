"""The revision that gives issues without a project one, on data that were made before it."""

from pathlib import Path

import pytest

from migrations import runner
from tests.support.database import Session
from tests.support.stack import kernel

REVISION = "6_issues_of_no_project"
TENANT, USER = "01M0000000000000000000000T", "01M0000000000000000000000V"
FILL = """
    INSERT INTO tenants (id, name, slug) VALUES (:tenant, 'Lakeside', 'lakeside');
    INSERT INTO users (id, username, email, password_hash) VALUES (:user, 'zoe', 'z@a.org', 'x');
    INSERT INTO projects (id, tenant_id, name, key)
    VALUES ('01M0000000000000000000000P', :tenant, 'Own', 'OWN');
    INSERT INTO issues
        (id, tenant_id, project_id, issue_type_id, title, priority_id, status_id, reporter_id)
    SELECT issue, :tenant, project_id, t.id, issue, p.id, s.id, :user
    FROM (VALUES ('01M0000000000000000000000C', 'incident', NULL),
                 ('01M0000000000000000000000B', 'repair', NULL),
                 ('01M0000000000000000000000A', 'incident', NULL),
                 ('01M0000000000000000000000D', 'incident', '01M0000000000000000000000P')
    ) AS made (issue, type, project_id)
    JOIN issue_types t ON t.key = made.type
    JOIN issue_priorities p ON p.is_default
    JOIN issue_statuses s ON s.name = 'Open'
"""


def test_repairs_go_to_maintenance_and_others_to_technology(
    empty_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for known in runner.VERSIONS.iterdir():
        number = known.name.split("_")[0]
        if not number.isdigit() or int(number) < int(REVISION.split("_")[0]):
            (tmp_path / known.name).symlink_to(known)
    with kernel(NEXUS_DATABASE_URL=empty_database):
        with monkeypatch.context() as before:
            before.setattr(runner, "VERSIONS", tmp_path)
            runner.upgrade(empty_database)
        with Session(empty_database) as session:
            for statement in FILL.split(";"):
                names = {"tenant": TENANT, "user": USER}
                wanted = {n: v for n, v in names.items() if f":{n}" in statement}
                session.run(statement, **wanted)
        runner.upgrade(empty_database)
    with Session(empty_database) as session:
        assert session.run("SELECT id, key, version FROM issues ORDER BY id") == [
            {"id": "01M0000000000000000000000A", "key": "TS-1", "version": 2},
            {"id": "01M0000000000000000000000B", "key": "MS-1", "version": 2},
            {"id": "01M0000000000000000000000C", "key": "TS-2", "version": 2},
            {"id": "01M0000000000000000000000D", "key": "OWN-1", "version": 1},
        ]
        fields = "SELECT field FROM nexus.issue_history WHERE issue_id LIKE '%A' ORDER BY field"
        assert session.column(fields) == ["key", "project"]
        assert session.column("SELECT key FROM issue_keys ORDER BY key") == [
            "MS-1", "OWN-1", "TS-1", "TS-2",
        ]  # fmt: skip

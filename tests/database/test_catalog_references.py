"""A reference to a catalog is to the tenant's own or a shared record: the database says so."""

import pytest
from ulid import ULID

from tests.support.api import Api, Json
from tests.support.database import Session
from tests.support.makers import new_location
from tests.support.people import Tenant, unique
from tests.support.races import begun_before_commit

MOVED = "UPDATE locations SET type_id = :type WHERE id = :id"
WATCHED = """
    SELECT count(*) FROM pg_trigger WHERE tgrelid = CAST(:table AS regclass) AND tgname = :key
"""
REFUSED = ("23503", "fk_locations_type_id")
# Of each reference to a catalog: the table and the column.
REFERENCES = """
    SELECT c.conrelid::regclass::text AS relation, a.attname AS referring, c.conname AS key
    FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
    WHERE c.contype = 'f' AND cardinality(c.conkey) = 1 AND EXISTS (
        SELECT FROM pg_policy p WHERE p.polrelid = c.confrelid AND p.polname = 'reads'
        AND pg_get_expr(p.polqual, p.polrelid) LIKE '%root_tenant_id%')
"""


def new_type(api: Api) -> Json:
    made: Json = api.post("/location-types", {"name": unique("Type")})
    return made


def test_every_reference_to_a_catalog_is_watched(superuser: Session) -> None:
    found = superuser.run(REFERENCES)
    assert len(found) >= 4
    for reference in found:
        assert superuser.value(WATCHED, table=reference["relation"], key=reference["key"]) == 1, (
            reference
        )


def test_an_own_and_a_shared_record_may_be_named(app: Session, tenant: Tenant, root: Api) -> None:
    place = new_location(tenant.admin)
    for kind in (new_type(tenant.admin), new_type(root)):
        assert app.count(MOVED, type=kind["id"], id=place["id"]) == 1


def test_another_tenants_record_is_refused_like_one_that_is_not_there(
    app: Session, tenant: Tenant, other_tenant: Tenant
) -> None:
    place, foreign = new_location(tenant.admin), new_type(other_tenant.admin)
    for type_id in (foreign["id"], "0" * 26):
        told = app.refusal(MOVED, type=type_id, id=place["id"])
        assert all(word in told for word in REFUSED), told
    new = (
        "INSERT INTO locations (id, tenant_id, name, type_id) VALUES (:id, :tenant, 'Annex', :type)"
    )
    told = app.refusal(new, id=str(ULID()), tenant=tenant.id, type=foreign["id"])
    assert all(word in told for word in REFUSED), told


@pytest.mark.parametrize(
    ("statement", "key"),
    [
        ("UPDATE groups SET project_id = :project WHERE kind = 'users'", "fk_groups_project_id"),
        (
            "UPDATE preferences SET default_project_id = :project",
            "fk_preferences_default_project_id",
        ),
        (
            "UPDATE sessions SET project_id = :project, tenant_id = nexus.tenant_id()",
            "fk_sessions_project_id",
        ),
    ],
)
def test_another_tenants_project_is_refused(
    app: Session, superuser: Session, other_tenant: Tenant, statement: str, key: str
) -> None:
    project = superuser.value(
        "INSERT INTO projects (id, tenant_id, name, key)"
        " VALUES (nexus.ulid(), :tenant, nexus.ulid(), right(nexus.ulid(), 9)) RETURNING id",
        tenant=other_tenant.id,
    )
    told = app.refusal(statement, project=project)
    assert "23503" in told
    assert key in told
    shared = superuser.value(
        "SELECT id FROM projects WHERE tenant_id = nexus.root_tenant_id() LIMIT 1"
    )
    assert app.count(statement, project=shared) >= 1


def test_what_is_named_at_once_is_not_deleted(
    app: Session, holder: Session, tenant: Tenant
) -> None:
    place, kind = new_location(tenant.admin), new_type(tenant.admin)
    holder.run("BEGIN")
    holder.run(MOVED, type=kind["id"], id=place["id"])
    told = begun_before_commit(
        holder, lambda: app.refusal("DELETE FROM location_types WHERE id = :id", id=kind["id"])
    )
    assert all(word in told for word in REFUSED), told


def test_what_is_deleted_at_once_is_not_named(
    app: Session, holder: Session, tenant: Tenant
) -> None:
    place, kind = new_location(tenant.admin), new_type(tenant.admin)
    holder.run("BEGIN")
    holder.run("DELETE FROM location_types WHERE id = :id", id=kind["id"])
    told = begun_before_commit(holder, lambda: app.refusal(MOVED, type=kind["id"], id=place["id"]))
    assert all(word in told for word in REFUSED), told

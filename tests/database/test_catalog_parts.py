"""Parts of catalog records, which no resource has yet: on tables of the test's own."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Column, DateTime, Integer, MetaData, Table, Text

from nexus.access.scope import Scope
from nexus.access.tokens import Token
from nexus.db.engine import engine
from nexus.pg import driver
from nexus.problems import NotAllowed, NotFound, RecordArchived
from nexus.records.crud import CatalogService
from nexus.records.parts import CatalogPartService
from nexus.records.references import Reference
from nexus.records.resources import Parent
from nexus.records.schemas import TenantRead
from tests.support.api import Api
from tests.support.database import Session
from tests.support.people import Tenant
from tests.support.stack import Database, kernel

SCRATCH = """
    SET ROLE nexus_owner;
    CREATE TABLE screens (
        LIKE nexus.tenant_record INCLUDING ALL, name text, archived_at timestamptz);
    SELECT nexus.protect_catalog('screens');
    CREATE TABLE panes (
        LIKE nexus.tenant_record INCLUDING ALL, screen_id text COLLATE "C" NOT NULL);
    SELECT nexus.protect_catalog('panes');
    RESET ROLE;
"""


def table(name: str, *columns: Column[Any]) -> Table:
    times = [Column(n, DateTime(timezone=True)) for n in ("created_at", "updated_at")]
    ids = [Column(n, Text(collation="C")) for n in ("id", "tenant_id")]
    return Table(name, MetaData(), *ids, *times, Column("version", Integer), *columns)


class ScreenRead(TenantRead):
    name: str
    archived_at: datetime | None


class PaneRead(TenantRead):
    screen_id: str


class Screens(CatalogService):
    table = table("screens", Column("name", Text), Column("archived_at", DateTime(timezone=True)))
    read = ScreenRead


class Panes(CatalogPartService):
    table = table("panes", Column("screen_id", Text(collation="C")))
    read = PaneRead
    whole, whole_id = Screens.table, "screen_id"
    parents = {"screen_id": Parent(Reference(Screens.table, ScreenRead, True), ("screen_id",))}


@pytest.fixture(scope="module")
def scratch(database: Database, superuser: Session) -> Iterator[Database]:
    for statement in filter(str.strip, SCRATCH.split(";")):
        superuser.run(statement)
    yield database
    superuser.run("DROP TABLE panes, screens")


@contextmanager
def scope_of(caller: Api, database: Database) -> Iterator[Scope]:
    """What a request of the caller works in; kept."""
    with kernel(**database.variables(database.app_url)), engine().connect() as connection:
        scope = Scope(connection, "test", Token.parse(caller.token or ""), caller.tenant_id)
        yield scope
        driver(connection).commit()


def new_pane(caller: Api, database: Database, screen_id: str) -> str:
    with scope_of(caller, database) as scope:
        return str(Panes(scope, {"screen_id": screen_id}).create({})["id"])


def new_screen(caller: Api, database: Database) -> str:
    with scope_of(caller, database) as scope:
        return str(Screens(scope).create({"name": "Screen"})["id"])


def test_a_part_of_a_shared_record_is_changed_by_who_may_change_the_whole(
    scratch: Database, root: Api, tenant: Tenant
) -> None:
    shared = new_screen(root, scratch)
    pane = new_pane(root, scratch, shared)
    with pytest.raises(NotAllowed, match="root tenant"):
        new_pane(tenant.admin, scratch, shared)
    with scope_of(tenant.member, scratch) as scope:
        assert Panes(scope).find(pane)["screen_id"] == shared
    with scope_of(tenant.admin, scratch) as scope, pytest.raises(NotAllowed, match="root tenant"):
        Panes(scope).delete(pane)
    with scope_of(root, scratch) as scope:
        Panes(scope).delete(pane)


def test_a_part_of_the_tenants_own_is_its_administrators(scratch: Database, tenant: Tenant) -> None:
    own = new_screen(tenant.admin, scratch)
    pane = new_pane(tenant.admin, scratch, own)
    with pytest.raises(NotAllowed, match="administrator of the tenant"):
        new_pane(tenant.member, scratch, own)
    with scope_of(tenant.admin, scratch) as scope:
        Screens(scope).archive(own)
    with scope_of(tenant.admin, scratch) as scope, pytest.raises(RecordArchived):
        Panes(scope).delete(pane)


def test_a_foreign_whole_is_none(scratch: Database, tenant: Tenant, other_tenant: Tenant) -> None:
    own = new_screen(tenant.admin, scratch)
    pane = new_pane(tenant.admin, scratch, own)
    with pytest.raises(NotFound):
        new_pane(other_tenant.admin, scratch, own)
    with scope_of(other_tenant.admin, scratch) as scope, pytest.raises(NotFound):
        Panes(scope).delete(pane)

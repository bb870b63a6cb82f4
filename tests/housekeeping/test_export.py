"""What is exported of the log of changes, what stays, and which tables hold it."""

import gzip
import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import Any

import pytest

from housekeeping import export_audit_events
from local.store import AUDIT_BUCKET
from nexus.aws import storage
from tests.housekeeping.conftest import Job, configure
from tests.support.api import Api, Json
from tests.support.database import Session
from tests.support.issues import new_issue
from tests.support.people import Tenant
from tests.support.races import begun_before_commit
from tests.support.stack import Database, kernel

JOB = "export-audit-events"
NOW = datetime.now(UTC)
LONG_AGO, LATER = (NOW - timedelta(days=days) for days in (200, 130))
# As the trigger would have written them then.
HAPPENED = """
    INSERT INTO audit_events (id, tenant_id, action, resource, record_id, changes, request_id)
    SELECT left(nexus.least_ulid(CAST(:at AS timestamptz)), 10) || right(:record, 12)
           || lpad(CAST(n AS text), 4, '0'),
           :tenant, 'update', 'groups', :record, '{"name": ["Zoë", null]}', 'a-request'
    FROM generate_series(1, CAST(:count AS integer)) n RETURNING id
"""


@pytest.fixture
def record(district: Tenant) -> Json:
    configure(district, export_audit_events_after_days=60)
    return district.new_group()


@pytest.fixture
def happened(superuser: Session, district: Tenant, record: Json) -> "Happened":
    """Has had so many events at a time; their ids."""
    of_record = {"tenant": district.id, "record": record["id"]}

    def make(at: datetime, count: int) -> list[str]:
        return sorted(superuser.column(HAPPENED, at=at, count=count, **of_record))

    return make


@pytest.fixture
def store(database: Database) -> Iterator[None]:
    with kernel(**database.variables(database.jobs_url)):
        yield


type Happened = Callable[[datetime, int], list[str]]


def keys(tenant: Tenant) -> list[str]:
    found = storage.client().list_objects_v2(Bucket=AUDIT_BUCKET, Prefix=f"{tenant.id}/")
    return [one["Key"] for one in found.get("Contents", ())]


def lines(tenant: Tenant) -> list[Json]:
    """All that was exported, of files that are what their manifests say."""
    found: list[Json] = []
    for key in keys(tenant):
        if key.endswith(".json"):
            manifest = json.loads(storage.kept(key))
            content = storage.kept(key.replace(".json", ".ndjson.gz"))
            events = [json.loads(line) for line in gzip.decompress(content).splitlines()]
            ids = [event["id"] for event in events]
            assert manifest == {
                "format": 1,
                "tenant_id": tenant.id,
                "month": key.split("/")[1],
                "count": len(events),
                "first_id": ids[0],
                "last_id": ids[-1],
                "bytes": len(content),
                "sha256": sha256(content).hexdigest(),
            }
            assert key == f"{tenant.id}/{manifest['month']}/{ids[0]}.json"
            assert {event["occurred_at"][:7] for event in events} == {manifest["month"]}
            found += events
    return found


def ids(events: Sequence[Json]) -> list[str]:
    return [event["id"] for event in events]


@pytest.mark.usefixtures("store")
class TestWhatGoes:
    def test_old_months_are_files_and_lists_say_so(
        self, district: Tenant, other_tenant: Tenant, happened: Happened, job: Job
    ) -> None:
        api = district.admin
        old = happened(LONG_AGO, 3) + happened(LATER, 2)
        young = happened(NOW - timedelta(days=40), 2)
        shown = [api.get(f"/audit-events/{id_}") for id_ in old]
        assert api.get("/audit-events")["exported_until"] is None
        assert job(JOB, is_dry=True)["left"]["audit_files"] == 2
        assert keys(district) == []
        assert job(JOB)["done"]["audit_files"] == 2
        exported = lines(district)
        assert ids(exported) == old
        for event, told in zip(exported, shown, strict=True):
            moment = datetime.fromisoformat(event.pop("occurred_at"))
            assert moment == datetime.fromisoformat(told["occurred_at"])
            assert event.pop("subject_ids") == []
            assert event.items() <= told.items()
        page = api.get("/audit-events", sort="id")
        assert page["exported_until"] == shown[-1]["occurred_at"]
        assert ids(page["items"])[:2] == young
        assert other_tenant.admin.get("/audit-events")["exported_until"] is None

    def test_one_that_was_exported_says_where_it_is(
        self, district: Tenant, happened: Happened, job: Job
    ) -> None:
        old, *_ = happened(LONG_AGO, 2)
        (young,) = happened(NOW - timedelta(days=40), 1)
        job(JOB)
        problem = district.admin.refused(404, "GET", f"/audit-events/{old}")
        assert problem["type"] == "/problems/event-exported"
        assert f"{district.id}/{LONG_AGO:%Y-%m}/" in problem["detail"]
        assert district.admin.get(f"/audit-events/{young}")["id"] == young
        never = district.admin.refused(404, "GET", f"/audit-events/{young[:-1]}Z")
        assert never["type"] == "/problems/not-found"

    def test_histories_say_so_too(self, district: Tenant, superuser: Session, job: Job) -> None:
        configure(district, export_audit_events_after_days=60)
        api: Api = district.admin
        issue = new_issue(api)
        api.patch(f"/issues/{issue['id']}", {"title": "Other"})
        at = f"/issues/{issue['id']}"
        ((told, *_), activity) = api.items(f"{at}/history"), api.items(f"{at}/activity")
        assert told["field"] == "title"
        of_issue = {"tenant": district.id, "record": issue["id"]}
        old = superuser.column(HAPPENED, at=LONG_AGO, count=1, **of_issue)
        subject = {"tenant": district.id, "issue": issue["id"], "event": old[0]}
        superuser.run("INSERT INTO audit_subjects VALUES (:tenant, :issue, :event)", **subject)
        assert len(api.items(f"{at}/activity")) == len(activity) + 1
        assert api.get(f"{at}/history")["exported_until"] is None
        assert job(JOB)["done"]["audit_files"] == 1
        assert api.items(f"{at}/activity") == activity
        for name in ("history", "activity"):
            assert api.get(f"{at}/{name}")["exported_until"][:10] == f"{LONG_AGO:%Y-%m-%d}"
        left = "SELECT count(*) FROM audit_subjects WHERE event_id = :event"
        assert superuser.value(left, event=old[0]) == 0

    def test_where_nobody_wants_it_nothing_goes(
        self, district: Tenant, happened: Happened, job: Job
    ) -> None:
        old = happened(LONG_AGO, 1)
        configure(district, export_audit_events_after_days=None)
        job(JOB)
        assert district.admin.get(f"/audit-events/{old[0]}")["id"] == old[0]


@pytest.mark.usefixtures("store")
class TestRuns:
    @pytest.fixture(autouse=True)
    def small(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(export_audit_events, "EVENTS", 3)
        monkeypatch.setattr(export_audit_events, "PAGE", 2)

    def test_files_are_of_so_many_events(
        self, district: Tenant, happened: Happened, job: Job
    ) -> None:
        old = happened(LONG_AGO, 7) + happened(LATER, 1)
        assert job(JOB, is_dry=True)["left"]["audit_files"] == 4
        assert job(JOB)["done"]["audit_files"] == 4
        assert ids(lines(district)) == old
        assert job(JOB)["done"].get("audit_files", 0) == 0

    def test_a_file_ends_where_its_lines_are_large(
        self, district: Tenant, happened: Happened, job: Job, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        old = happened(LONG_AGO, 5)
        two = sum(len(json.dumps(district.admin.get(f"/audit-events/{id_}"))) for id_ in old[:2])
        monkeypatch.setattr(export_audit_events, "LARGEST", two - 100)
        report = job(JOB)
        assert (report["finished"], report["done"]["audit_files"]) == (True, 3)
        assert ids(lines(district)) == old

    def test_it_stops_in_time_and_the_next_run_goes_on(
        self, district: Tenant, happened: Happened, job: Job
    ) -> None:
        old = happened(LONG_AGO, 7)
        least = export_audit_events.SECONDS
        stopped = job(JOB, time_left=lambda: least + 1 - len(keys(district)))
        assert (stopped["finished"], stopped["done"]["audit_files"]) == (False, 1)
        assert ids(lines(district)) == old[:3]
        assert job(JOB)["done"]["audit_files"] == 2
        assert ids(lines(district)) == old

    @pytest.mark.parametrize("wrong", ["_forget", "_manifest"])
    def test_a_run_that_ends_on_its_way_loses_and_doubles_nothing(
        self,
        district: Tenant,
        happened: Happened,
        job: Job,
        monkeypatch: pytest.MonkeyPatch,
        wrong: str,
    ) -> None:
        def end(*_: object) -> Any:
            raise KeyError("the end")

        old = happened(LONG_AGO, 4)
        with monkeypatch.context() as patch:
            patch.setattr(export_audit_events, wrong, end)
            with pytest.raises(KeyError):
                job(JOB)
        assert keys(district)
        assert district.admin.get(f"/audit-events/{old[0]}")["id"] == old[0]
        assert job(JOB)["done"]["audit_files"] == 2
        assert ids(lines(district)) == old

    def test_what_the_store_did_not_keep_stays(
        self, district: Tenant, happened: Happened, job: Job, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (old,) = happened(LONG_AGO, 1)
        with monkeypatch.context() as patch:
            patch.setattr(storage, "kept", lambda key: key.encode())
            with pytest.raises(storage.NotKept):
                job(JOB)
        assert district.admin.get(f"/audit-events/{old}")["id"] == old

    def test_what_another_run_is_at_is_waited_for_and_done_once(
        self, district: Tenant, happened: Happened, job: Job, holder: Session
    ) -> None:
        gone, *left = happened(LONG_AGO, 4)
        holder.run("BEGIN")
        holder.run("SELECT nexus.enter('', :tenant, '')", tenant=district.id)
        holder.run(export_audit_events.TAKE_TURNS.text)
        holder.run("DELETE FROM audit_events WHERE id = :id", id=gone)
        report = begun_before_commit(holder, partial(job, JOB))
        assert (report["done"]["audit_files"], report["failed"]) == (1, {})
        assert ids(lines(district)) == left


class TestRights:
    def test_of_the_log_jobs_see_what_is_a_month_old_in_their_tenant(
        self, district: Tenant, other_tenant: Tenant, happened: Happened, database: Database
    ) -> None:
        old, _ = happened(LONG_AGO, 1), happened(NOW - timedelta(days=29), 1)
        with Session(database.jobs_url) as jobs, jobs.undone():
            for tenant, seen in ((district, old), (other_tenant, [])):
                jobs.run("SELECT nexus.enter('', :tenant, '')", tenant=tenant.id)
                assert jobs.column("SELECT id FROM audit_events") == seen
                assert jobs.count("DELETE FROM audit_events") == len(seen)
            assert "permission denied" in jobs.refusal("UPDATE audit_events SET actor_id = 'x'")

    @pytest.mark.parametrize("role", ["app_url", "jobs_url"])
    def test_a_partition_is_nobodys_by_its_own_name(
        self, superuser: Session, database: Database, role: str
    ) -> None:
        names = superuser.column("SELECT name FROM nexus.audit_partitions()")
        assert len(names) >= 2
        with Session(getattr(database, role)) as session:
            for name in names:
                for sql in (f"SELECT FROM nexus.{name}", f"DELETE FROM nexus.{name}"):
                    assert "permission denied" in session.refusal(sql), name


PROPERTIES = """
    SELECT relname, relowner::regrole::text AS owner,
           relrowsecurity AND relforcerowsecurity AS is_forced,
           (SELECT array_agg(regexp_replace(pg_get_indexdef(indexrelid), ' INDEX .* USING', '')
                             ORDER BY indkey::text)
            FROM pg_index WHERE indrelid = c.oid) AS indexes,
           (SELECT array_agg(polname || polroles::regrole[]::text) FROM pg_policy
            WHERE polrelid = c.oid) AS policies,
           NOT EXISTS (SELECT FROM aclexplode(relacl) WHERE grantee <> relowner) AS is_closed
    FROM pg_class c
    WHERE oid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = 'audit_events'::regclass)
"""
INDEXES = """
    SELECT array_agg(regexp_replace(pg_get_indexdef(indexrelid), ' INDEX .* USING', '')
                     ORDER BY indkey::text)
    FROM pg_index WHERE indrelid = 'audit_events'::regclass
"""
# As if the last one that was made began three quarters ago, and the one before it were empty.
LEFT_ALONE = """
    SET LOCAL ROLE nexus_owner;
    DO $$
    DECLARE
        one record;
        begins constant text := nexus.least_ulid(nexus.quarter_from_now(-3));
    BEGIN
        FOR one IN SELECT name FROM nexus.audit_partitions() LOOP
            EXECUTE format('ALTER TABLE audit_events DETACH PARTITION nexus.%I', one.name);
            EXECUTE format('ALTER TABLE nexus.%1$I RENAME TO %1$s_aside', one.name);
        END LOOP;
        EXECUTE format('ALTER TABLE audit_events ATTACH PARTITION nexus.%I'
                       ' FOR VALUES FROM (MINVALUE) TO (%L)',
                       nexus.add_audit_partition(nexus.least_ulid(nexus.quarter_from_now(-4))),
                       begins);
        EXECUTE format('ALTER TABLE audit_events ATTACH PARTITION nexus.%I'
                       ' FOR VALUES FROM (%L) TO (MAXVALUE)',
                       nexus.add_audit_partition(begins), begins);
    END $$
"""


class TestPartitions:
    def turn(self, superuser: Session) -> list[str]:
        """All that is due, as the job does it."""
        turned = []
        while due := superuser.column("SELECT nexus.due_audit_partitions()"):
            turned.append(due[0])
            assert superuser.value("SELECT nexus.turn_audit_partition(:name)", name=due[0])
        return turned

    def test_all_are_alike(self, superuser: Session) -> None:
        first, *others = superuser.run(PROPERTIES)
        assert others
        for one in (first, *others):
            assert one["is_forced"], one
            assert one["is_closed"], one
            assert one["policies"] == ["owner{nexus_owner}"]
            assert (one["owner"], one["indexes"]) == (first["owner"], first["indexes"])
            assert one["indexes"] == superuser.value(INDEXES)

    def test_where_the_job_did_not_run_nothing_is_refused_and_it_makes_up_for_it(
        self, superuser: Session, district: Tenant
    ) -> None:
        of_record = {"tenant": district.id, "record": district.id, "count": 1}
        with superuser.undone():
            superuser.run(LEFT_ALONE)
            superuser.run(HAPPENED, at=NOW, **of_record)
            (open_one,) = superuser.column(
                "SELECT name FROM nexus.audit_partitions() WHERE ends IS NULL"
            )
            turned = self.turn(superuser)
            found = superuser.run("SELECT * FROM nexus.audit_partitions()")
            ends = [one["ends"] for one in found]
            quarter = "SELECT nexus.least_ulid(nexus.quarter_from_now(:n))"
            assert ends == [*(superuser.value(quarter, n=n) for n in (1, 2)), None]
            assert turned[0] == found[0]["name"] == open_one
            assert [one["begins"] for one in found[1:]] == ends[:-1]
            superuser.run(HAPPENED, at=NOW + timedelta(days=800), **of_record)
            placed = superuser.column(
                "SELECT tableoid::regclass::text FROM audit_events WHERE record_id = :id"
                " ORDER BY id",
                id=district.id,
            )
            assert placed == [f"nexus.{found[0]['name']}", f"nexus.{found[2]['name']}"]
            assert all(one["is_forced"] for one in superuser.run(PROPERTIES))
        assert self.turn(superuser) == []

    def test_one_that_is_not_empty_is_not_dropped(
        self, superuser: Session, district: Tenant
    ) -> None:
        of_record = {"tenant": district.id, "record": district.id, "count": 1}
        with superuser.undone():
            superuser.run(HAPPENED, at=NOW - timedelta(days=900), **of_record)
            name = superuser.value("SELECT name FROM nexus.audit_partitions() WHERE begins IS NULL")
            turn = "SELECT nexus.turn_audit_partition(:name)"
            assert superuser.value(turn, name=name) is False

    def test_nobody_waits_long_behind_a_change_of_them(self, superuser: Session) -> None:
        sql = "SELECT proconfig FROM pg_proc WHERE proname = 'turn_audit_partition'"
        assert "lock_timeout=200ms" in superuser.value(sql)

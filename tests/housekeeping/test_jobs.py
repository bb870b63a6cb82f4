"""What each job does to the records of tenants, and what it leaves alone."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from nexus.access.scope import Scope
from nexus.aws import storage
from projects import commands
from projects.attachments import sweep
from tests.housekeeping.conftest import Job, ask_nothing, configure
from tests.support.api import Api, Json, pointers
from tests.support.assets import circulate, new_asset, new_stock, shown
from tests.support.database import Session
from tests.support.education import assign, employ, new_year, today
from tests.support.issues import new_issue, walk
from tests.support.makers import MAKERS, new_person
from tests.support.people import Tenant, World
from tests.support.races import at_once, while_locked_by
from tests.support.stack import REPOSITORY, Database
from tests.support.uploads import PNG, post

pytestmark = pytest.mark.usefixtures("unpinned")

CLOSED = ("Start", "Resolve", "Close")
AT_ONCE = """
import json, sys
from housekeeping.app import perform
print(json.dumps(perform(sys.argv[1], lambda: 295, "a-run")))
"""


def read(api: Api, path: str, record: Json) -> Json:
    found: Json = api.get(f"{path}/{record['id']}")
    return found


class TestCloseAssignments:
    @pytest.fixture
    def lent(self, district: Tenant) -> Json:
        """An asset, whose custody was planned to end tomorrow."""
        return self.lend(district.admin)

    def lend(self, api: Api) -> Json:
        body = {"asset_id": new_asset(api)["id"], "person_id": new_person(api)["id"]}
        dates = {"start_date": today(-30).isoformat(), "end_date": today(1).isoformat()}
        made: Json = api.post("/asset-assignments", {**body, **dates})
        return made

    def end_days_ago(self, superuser: Session, lent: Json, days: int) -> None:
        sql = "UPDATE asset_assignments SET end_date = :day WHERE id = :id"
        superuser.run(sql, day=today(-days), id=lent["id"])

    def test_what_was_planned_to_end_ends_on_that_day(
        self, district: Tenant, superuser: Session, job: Job, lent: Json
    ) -> None:
        self.end_days_ago(superuser, lent, 3)
        assert job("close-assignments")["done"]["asset_assignments"] >= 1
        closed = read(district.admin, "/assignments", lent)
        assert closed["closed_at"]
        assert closed["end_date"] == today(-3).isoformat()
        assert shown(district.admin, {"id": lent["asset_id"]})["quantity_available"] == 1
        back, _ = district.admin.items(
            f"/assets/{lent['asset_id']}/circulations", sort="-occurred_at"
        )
        assert (back["circulation_type"], back["recorded_by"]) == ("return", None)
        assert back["occurred_at"][:10] == today(-3).isoformat()

    def test_it_is_in_the_log_as_nobodys(
        self, district: Tenant, superuser: Session, job: Job, lent: Json
    ) -> None:
        self.end_days_ago(superuser, lent, 3)
        job("close-assignments")
        event, *_ = district.admin.items("/audit-events", record_id=lent["id"], sort="-id")
        assert (event["action"], event["actor_id"]) == ("update", None)
        assert event["changes"]["closed_at"][0] is None

    def test_a_second_run_finds_nothing_and_today_is_not_over(
        self, district: Tenant, superuser: Session, job: Job, lent: Json
    ) -> None:
        self.end_days_ago(superuser, lent, 0)
        job("close-assignments")
        assert read(district.admin, "/assignments", lent)["closed_at"] is None
        assert job("close-assignments")["done"]["asset_assignments"] == 0

    def test_which_day_it_is_the_tenant_says(
        self, district: Tenant, superuser: Session, job: Job, lent: Json
    ) -> None:
        """Half the earth is always a day behind the other."""
        ahead, behind = "Pacific/Kiritimati", "Etc/GMT+12"
        configure(district, time_zone=behind)
        day = superuser.value("SELECT (now() AT TIME ZONE :zone)::date", zone=behind)
        sql = "UPDATE asset_assignments SET end_date = :day WHERE id = :id"
        superuser.run(sql, day=day, id=lent["id"])
        job("close-assignments")
        assert read(district.admin, "/assignments", lent)["closed_at"] is None
        configure(district, time_zone=ahead)
        job("close-assignments")
        assert read(district.admin, "/assignments", lent)["closed_at"]

    def test_a_part_of_a_stock_comes_back(
        self, district: Tenant, superuser: Session, job: Job
    ) -> None:
        stock, person = new_stock(district.admin, 5), new_person(district.admin)
        circulate(district.admin, stock, "issue", person_id=person["id"], quantity=3)
        sql = (
            "UPDATE asset_assignments SET start_date = :day, end_date = :day,"
            " started_at = started_at - interval '9 days' WHERE asset_id = :id"
        )
        superuser.run(sql, day=today(-8), id=stock["id"])
        job("close-assignments")
        assert shown(district.admin, stock)["quantity_available"] == 5

    def test_two_at_once_do_it_once(
        self, district: Tenant, superuser: Session, database: Database
    ) -> None:
        lent = [self.lend(district.admin) for _ in range(6)]
        for one in lent:
            self.end_days_ago(superuser, one, 2)

        def run() -> Json:
            done = subprocess.run(
                [sys.executable, "-c", AT_ONCE, "close-assignments"],
                cwd=REPOSITORY,
                env=database.variables(database.jobs_url),
                stdout=subprocess.PIPE,
                check=True,
            )
            report: Json = json.loads(done.stdout.splitlines()[-1])
            return report

        reports = at_once([run, run])
        assert sum(report["done"]["asset_assignments"] for report in reports) == len(lent)
        assert not any(report["failed"] or report["refused"] for report in reports)
        for one in lent:
            path = f"/assets/{one['asset_id']}/circulations"
            events = [event["circulation_type"] for event in district.admin.items(path)]
            assert sorted(events) == ["issue", "return"]

    def test_work_that_was_planned_to_end_has_ended(
        self, district: Tenant, superuser: Session, job: Job
    ) -> None:
        employment = employ(district.admin, "hire")
        active = assign(district.admin, employment, "start")
        planned = assign(district.admin, employment, start_date=today().isoformat())
        last = assign(district.admin, employment, "start", end_date=today().isoformat())
        sql = (
            "UPDATE school_employment_assignments SET start_date = :day, end_date = :day"
            " WHERE id = :id"
        )
        superuser.run(
            "UPDATE school_employments SET hire_date = :day WHERE id = :id",
            day=today(-9),
            id=employment["id"],
        )
        for one in (active, planned):
            superuser.run(sql, day=today(-1), id=one["id"])
        assert job("close-assignments")["done"]["school_employment_assignments"] >= 2
        for one in (active, planned):
            ended = read(district.admin, "/school-employment-assignments", one)
            assert (ended["status"], ended["end_date"]) == ("ended", today(-1).isoformat())
        assert read(district.admin, "/school-employment-assignments", last)["status"] == "active"


class TestRollSchoolYear:
    def test_the_year_that_holds_today_becomes_current_where_that_is_wanted(
        self, district: Tenant, other_tenant: Tenant, job: Job
    ) -> None:
        configure(district, roll_school_year=True)
        last = new_year(district.admin, today(-400), today(-36))
        now, elsewhere = new_year(district.admin), new_year(other_tenant.admin)
        district.admin.act(f"/school-years/{last['id']}/make-current")
        assert job("roll-school-year", is_dry=True)["left"]["school_years"] == 1
        assert job("roll-school-year")["done"]["school_years"] == 1
        marks = [read(district.admin, "/school-years", one)["is_current"] for one in (last, now)]
        assert marks == [False, True]
        assert not read(other_tenant.admin, "/school-years", elsewhere)["is_current"]
        assert job("roll-school-year")["done"]["school_years"] == 0

    def test_one_that_is_current_and_holds_today_stays_so(self, district: Tenant, job: Job) -> None:
        configure(district, roll_school_year=True)
        first = new_year(district.admin, today(-300), today(60))
        new_year(district.admin, today(-10), today(350))  # summer school
        district.admin.act(f"/school-years/{first['id']}/make-current")
        job("roll-school-year")
        assert read(district.admin, "/school-years", first)["is_current"]

    def test_in_the_holidays_and_where_a_year_is_archived_nothing_changes(
        self, district: Tenant, job: Job
    ) -> None:
        configure(district, roll_school_year=True)
        last = new_year(district.admin, today(-400), today(-36))
        gone = new_year(district.admin)
        district.admin.act(f"/school-years/{last['id']}/make-current")
        district.admin.act(f"/school-years/{gone['id']}/archive")
        job("roll-school-year")
        assert read(district.admin, "/school-years", last)["is_current"]


class TestArchiveClosedIssues:
    def closed(self, api: Api, superuser: Session, days: int) -> Json:
        issue = walk(api, new_issue(api), *CLOSED)
        sql = "UPDATE issues SET closed_at = now() - make_interval(days => :days) WHERE id = :id"
        superuser.run(sql, days=days, id=issue["id"])
        return issue

    def test_what_was_closed_long_ago_leaves_lists_where_that_is_wanted(
        self, district: Tenant, other_tenant: Tenant, superuser: Session, job: Job
    ) -> None:
        configure(district, archive_closed_issues_after_days=30)
        api = district.admin
        old, young = (self.closed(api, superuser, days) for days in (31, 29))
        opened = walk(api, self.closed(api, superuser, 40), "Reopen")
        elsewhere = self.closed(other_tenant.admin, superuser, 400)
        assert job("archive-closed-issues", is_dry=True)["left"]["issues"] == 1
        assert job("archive-closed-issues")["done"]["issues"] == 1
        assert read(api, "/issues", old)["archived_at"]
        for issue in (young, opened):
            assert read(api, "/issues", issue)["archived_at"] is None
        assert read(other_tenant.admin, "/issues", elsewhere)["archived_at"] is None
        assert job("archive-closed-issues")["done"]["issues"] == 0
        told, *_ = api.items(f"/issues/{old['id']}/history", sort="-id")
        assert (told["field"], told["actor_id"]) == ("archived_at", None)

    def test_one_at_a_time_of_a_batch_and_all_in_the_end(
        self, district: Tenant, superuser: Session, job: Job, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("housekeeping.archive_closed_issues.BATCH", 2)
        configure(district, archive_closed_issues_after_days=1)
        issues = [self.closed(district.admin, superuser, 5) for _ in range(5)]
        assert job("archive-closed-issues")["done"]["issues"] == len(issues)


class TestPurgeArchived:
    def archived(self, api: Api, superuser: Session, path: str, record: Json, days: int) -> Json:
        found: Json = api.act(f"{path}/{record['id']}/archive")
        table = path.strip("/").replace("-", "_")
        sql = (
            f"UPDATE {table} SET archived_at = now() - make_interval(days => :days) WHERE id = :id"
        )
        superuser.run(sql, days=days, id=record["id"])
        return found

    def test_what_was_archived_long_ago_goes_leaves_first(
        self, district: Tenant, superuser: Session, job: Job
    ) -> None:
        configure(district, purge_archived_after_days=90)
        api = district.admin
        asset = new_asset(api)
        item = MAKERS["ci_id"].new(api, asset_id=asset["id"])
        old = [("/assets", asset), ("/configuration-items", item), ("/issues", new_issue(api))]
        for path, record in old:
            self.archived(api, superuser, path, record, 91)
        young = new_person(api)
        self.archived(api, superuser, "/persons", young, 89)
        report = job("purge-archived")
        told = {kind: report["done"][kind] for kind in ("assets", "configuration_items", "issues")}
        assert told == {"assets": 1, "configuration_items": 1, "issues": 1}
        for path, record in old:
            api.refused(404, "GET", f"{path}/{record['id']}")
        assert read(api, "/persons", young)["archived_at"]

    def test_what_others_refer_to_stays_and_holds_up_nothing(
        self, district: Tenant, superuser: Session, job: Job
    ) -> None:
        configure(district, purge_archived_after_days=90)
        api = district.admin
        held, free = new_person(api), new_person(api)
        MAKERS["school_employment_id"].new(api, person_id=held["id"])
        for person in (held, free):
            self.archived(api, superuser, "/persons", person, 100)
        report = job("purge-archived")
        assert (report["done"]["persons"], report["refused"]) == (1, {"persons": 1})
        assert read(api, "/persons", held)["archived_at"]
        api.refused(404, "GET", f"/persons/{free['id']}")

    def test_a_repair_goes_with_its_issue(
        self, district: Tenant, superuser: Session, job: Job
    ) -> None:
        configure(district, purge_archived_after_days=30)
        api = district.admin
        asset = new_asset(api)
        repair = api.post("/asset-repairs", {"asset_id": asset["id"], "title": "The hinge"})
        self.archived(api, superuser, "/issues", repair, 31)
        report = job("purge-archived")
        assert report["done"]["issues"] == 1
        api.refused(404, "GET", f"/asset-repairs/{repair['id']}")
        assert shown(api, asset)["open_repair_count"] == 0

    @pytest.mark.parametrize("path", ["/persons", "/issues"])
    def test_what_is_restored_meanwhile_stays_whole(
        self, district: Tenant, superuser: Session, job: Job, holder: Session, path: str
    ) -> None:
        configure(district, purge_archived_after_days=30)
        api = district.admin
        repair = {"asset_id": new_asset(api)["id"], "title": "The hinge"}
        record = new_person(api) if path == "/persons" else api.post("/asset-repairs", repair)
        self.archived(api, superuser, path, record, 31)
        restore = f"UPDATE {path.strip('/')} SET archived_at = NULL WHERE id = :id"
        report = while_locked_by(holder, restore, partial(job, "purge-archived"), id=record["id"])
        assert not any(report["done"].values())
        assert read(api, path, record)["archived_at"] is None
        if path == "/issues":
            assert read(api, "/asset-repairs", record)["title"] == repair["title"]

    def test_where_nobody_wants_it_nothing_goes(
        self, district: Tenant, superuser: Session, job: Job
    ) -> None:
        person = new_person(district.admin)
        self.archived(district.admin, superuser, "/persons", person, 9_000)
        job("purge-archived")
        assert read(district.admin, "/persons", person)["archived_at"]

    def test_each_kind_that_is_archived_is_purged(self, superuser: Session) -> None:
        from housekeeping.purge_archived import TABLES

        sql = """
            SELECT table_name FROM information_schema.columns
            JOIN pg_tables ON tablename = table_name AND schemaname = table_schema
            WHERE table_schema = 'public' AND column_name = 'archived_at'
        """
        assert {*superuser.column(sql)} - {"tenants"} == set(TABLES)


class TestSweepAttachments:
    @pytest.fixture(autouse=True)
    def without_grace(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sweep, "GRACE", timedelta(0))

    def attach(self, api: Api, issue: Json, *, is_uploaded: bool) -> Json:
        body = {"filename": "x.png", "content_type": "image/png", "size": len(PNG)}
        made: Json = api.post(f"/issues/{issue['id']}/attachments", body)
        if is_uploaded:
            form = made["upload"]
            assert post(form["url"], form["fields"], PNG).status_code == 204
        return made

    def test_what_was_never_uploaded_goes_and_what_nobody_looked_at_stays(
        self, district: Tenant, job: Job
    ) -> None:
        api = district.admin
        issue = new_issue(api)
        self.attach(api, issue, is_uploaded=False)
        there = self.attach(api, issue, is_uploaded=True)
        assert job("sweep-attachments")["done"]["attachments"] >= 1
        (left,) = api.items(f"/issues/{issue['id']}/attachments")
        assert (left["id"], bool(left["uploaded_at"])) == (there["id"], True)

    def test_objects_that_no_attachment_names_go(
        self, district: Tenant, superuser: Session, job: Job
    ) -> None:
        api = district.admin
        issue = new_issue(api)
        kept, lost = (self.attach(api, issue, is_uploaded=True) for _ in range(2))
        api.items(f"/issues/{issue['id']}/attachments")
        superuser.run("DELETE FROM attachments WHERE id = :id", id=lost["id"])
        assert job("sweep-attachments", is_dry=True)["left"]["objects"] >= 1
        assert job("sweep-attachments")["done"]["objects"] >= 1
        assert job("sweep-attachments")["done"]["objects"] == 0
        (left,) = api.items(f"/issues/{issue['id']}/attachments")
        assert left["id"] == kept["id"]

    def test_what_is_young_stays(
        self, district: Tenant, superuser: Session, job: Job, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sweep, "GRACE", timedelta(days=1))
        api = district.admin
        issue = new_issue(api)
        self.attach(api, issue, is_uploaded=False)
        lost = self.attach(api, issue, is_uploaded=True)
        superuser.run("DELETE FROM attachments WHERE id = :id", id=lost["id"])
        done = job("sweep-attachments")["done"]
        assert (done["attachments"], done["objects"]) == (0, 0)

    def test_a_run_goes_on_where_the_last_one_stopped(
        self, district: Tenant, superuser: Session, job: Job, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        removed: list[str] = []
        begun: list[str] = []
        remove, listed = storage.remove, storage.listed

        def note_removed(keys: Sequence[str]) -> None:
            removed.extend(keys)
            remove(keys)

        def note_begun(after: str, size: int) -> Any:
            begun.append(after)
            return listed(after, size)

        monkeypatch.setattr("housekeeping.sweep_attachments.BATCH", 1)
        monkeypatch.setattr(storage, "remove", note_removed)
        monkeypatch.setattr(storage, "listed", note_begun)
        api, position = district.admin, "SELECT position FROM job_positions"
        issue = new_issue(api)
        lost = [self.attach(api, issue, is_uploaded=True)["id"] for _ in range(3)]
        superuser.run("DELETE FROM attachments WHERE id = ANY (:ids)", ids=lost)
        stopped = job("sweep-attachments", time_left=lambda: 1 - len(removed))
        assert (stopped["finished"], len(removed)) == (False, 1)
        stood, begun[:] = superuser.value(position), []
        assert stood
        assert job("sweep-attachments")["finished"]
        assert (begun[0], superuser.value(position)) == (stood, "")
        assert {key.rpartition("/")[2] for key in removed} >= set(lost)


class TestSettings:
    @pytest.mark.parametrize("days", [0, -1, 36_526, 1.5, "30", True])
    def test_a_retention_out_of_bounds_is_refused(self, district: Tenant, days: object) -> None:
        for name in (
            "archive_closed_issues_after_days",
            "purge_archived_after_days",
            "export_audit_events_after_days",
        ):
            body = {"settings": {name: days}}
            problem = district.admin.refused(422, "PATCH", f"/tenants/{district.id}", body)
            assert pointers(problem) == [f"/settings/{name}"]

    @pytest.mark.parametrize(
        "name", ["purge_archived_after_days", "export_audit_events_after_days"]
    )
    def test_nothing_goes_within_a_month(self, district: Tenant, name: str) -> None:
        body = {"settings": {name: 29}}
        district.admin.refused(422, "PATCH", f"/tenants/{district.id}", body)

    def test_null_ends_it_and_the_log_tells(self, district: Tenant) -> None:
        configure(district, purge_archived_after_days=30)
        configure(district, purge_archived_after_days=None)
        path = f"/tenants/{district.id}"
        assert district.admin.get(path)["settings"]["purge_archived_after_days"] is None
        event, *_ = district.admin.items("/audit-events", record_id=district.id, sort="-id")
        before, after = event["changes"]["settings"]
        assert before["purge_archived_after_days"] == 30
        assert after["purge_archived_after_days"] is None


class TestFaults:
    @pytest.fixture
    def closing(self, world: World, superuser: Session) -> Iterator[list[tuple[Tenant, Json]]]:
        """Two tenants with an issue each that is due."""
        made = []
        for tenant in (world.new_tenant(), world.new_tenant()):
            configure(tenant, archive_closed_issues_after_days=1)
            made.append((tenant, TestArchiveClosedIssues().closed(tenant.admin, superuser, 9)))
        yield made
        for tenant, _ in made:
            ask_nothing(tenant)

    def test_what_nobody_foresaw_in_one_tenant_keeps_no_other_waiting(
        self,
        closing: list[tuple[Tenant, Json]],
        job: Job,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        (broken, left), (sound, done) = closing
        archive = commands.archive_closed

        def act(scope: Scope, ids: Sequence[str], days: int) -> int:
            if scope.tenant_id == broken.id:
                raise KeyError("odd")
            return archive(scope, ids, days)

        monkeypatch.setattr("housekeeping.archive_closed_issues.archive_closed", act)
        with pytest.raises(KeyError):
            job("archive-closed-issues")
        assert read(broken.admin, "/issues", left)["archived_at"] is None
        assert read(sound.admin, "/issues", done)["archived_at"]

    def test_what_somebody_holds_waits_for_the_next_run(
        self, closing: list[tuple[Tenant, Json]], job: Job, holder: Session
    ) -> None:
        (one, held), (other, free) = closing
        holder.run("BEGIN")
        holder.run("SELECT FROM issues WHERE id = :id FOR UPDATE", id=held["id"])
        assert job("archive-closed-issues")["finished"]
        holder.run("COMMIT")
        assert read(other.admin, "/issues", free)["archived_at"]
        assert read(one.admin, "/issues", held)["archived_at"] is None
        job("archive-closed-issues")
        assert read(one.admin, "/issues", held)["archived_at"]

    def test_a_store_that_is_away_ends_the_run(
        self, job: Job, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def away(*_: object) -> Any:
            raise storage.StorageUnavailable

        monkeypatch.setattr(storage, "listed", away)
        with pytest.raises(storage.StorageUnavailable):
            job("sweep-attachments")

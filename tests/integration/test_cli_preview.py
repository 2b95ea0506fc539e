"""What `syncd plan` shows is carried out by its checksum, as far as it is still the same."""

import json
import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cli_office import Office, catch_up, office, page, syncd

from syncd.adapters.store.schema import REVISIONS
from syncd.sandbox.faults import Fault, Kind
from syncd.sandbox.journal import System


def _to_block_unseen(made: Office) -> Path:
    path = made.config / "policy.yaml"
    text = path.read_text(encoding="utf-8")
    bare = re.sub(r"(sql: \{mode: block), previewed: [^}]*", r"\1", text)
    path.write_text(bare, encoding="utf-8")
    return path


@pytest.mark.usefixtures("own_logs")
def test_a_preview_is_applied_as_far_as_it_is_still_the_same(today: Office) -> None:
    ann, bob, eve = (today.arrive(x) for x in ("ann", "bob", "eve"))
    today.cycles(2)
    today.go_home()
    today.rep_sets(ann, Title="CFO")
    today.rep_sets(bob, Title="CEO")
    catch_up(today)
    checksum = json.loads(page(today, "plan", "--json"))["checksum"]
    today.rep_sets(bob, Title="COO")
    today.rep_sets(eve, Title="CTO")
    today.world.advance(timedelta(seconds=5))

    said = page(today, "plan", "apply", checksum)

    titles = [today.world.hubspot.contact(x.hs).get("jobtitle") for x in (ann, bob, eve)]
    assert titles == ["CFO", None, None]
    assert f"1 lead of the preview {checksum} written as shown." in said
    assert said.count("something else is to be done now") == 1
    assert "not in the preview, but something is to be done by now: ld_" in said
    today.cycles(2)
    titles = [today.world.hubspot.contact(x.hs).get("jobtitle") for x in (ann, bob, eve)]
    assert titles == ["CFO", "COO", "CTO"]


@pytest.mark.usefixtures("own_logs")
def test_a_preview_is_not_applied_beside_a_worker_nor_of_another_configuration(
    today: Office,
) -> None:
    checksum = json.loads(page(today, "plan", "--json"))["checksum"]
    today.worker()
    beside = syncd(today, "plan", "apply", checksum)
    today.go_home()
    with (today.config / "policy.yaml").open("a", encoding="utf-8") as file:
        file.write("# another word\n")
    changed = syncd(today, "plan", "apply", checksum)
    unknown = syncd(today, "plan", "apply", "0" * 20)

    assert "the only writer" in str(beside.exception)
    assert "the configuration changed" in str(changed.exception)
    assert "no preview" in str(unknown.exception)


@pytest.mark.usefixtures("own_logs")
def test_a_store_of_an_older_schema_is_not_migrated_by_looking_and_keeps_no_preview(
    today: Office,
) -> None:
    person = today.arrive("ann")
    today.cycles(2)
    today.go_home()
    today.rep_sets(person, Title="CFO")
    catch_up(today)
    _back_to_the_schema_before(today.home / "syncd.db")

    said = page(today, "plan")
    found = json.loads(page(today, "plan", "--json"))

    assert _schema_of(today.home / "syncd.db") == REVISIONS[-2]
    assert "field title: changed in Salesforce" in said
    assert f"checksum: {found['checksum']}. It is not kept, and cannot be applied: " in said
    assert "older schema" in found["not_kept"]
    assert "start `syncd run` once" in found["not_kept"]


def _back_to_the_schema_before(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        for table in ("reconciled", "reconciliation"):
            connection.execute(f"DROP TABLE {table}")
        connection.execute("UPDATE alembic_version SET version_num = ?", (REVISIONS[-2],))
        connection.commit()


def _schema_of(path: Path) -> str:
    with closing(sqlite3.connect(path)) as connection:
        (found,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(found)


@pytest.mark.usefixtures("own_logs")
def test_plan_prints_the_checksum_that_a_blocking_gate_needs_and_check_takes_it(
    today: Office,
) -> None:
    path = _to_block_unseen(today)
    bare = path.read_text(encoding="utf-8")

    (line,) = [x for x in page(today, "plan").splitlines() if "previewed:" in x]
    before = page(today, "check")
    path.write_text(bare.replace("  sql: {mode: block}", "  " + line.strip()), encoding="utf-8")

    assert "is to block, but flags until somebody looked first" in before
    assert "flags until somebody looked first" not in page(today, "check")


@pytest.mark.usefixtures("own_logs")
def test_a_plan_of_a_standard_not_in_force_shows_no_blocking_and_gives_no_checksum_for_it(
    today: Office,
) -> None:
    _to_block_unseen(today)
    path = today.config / "standard.yaml"
    changed = path.read_text(encoding="utf-8").replace('version: "2026.1"', 'version: "2026.2"')
    path.write_text(changed, encoding="utf-8")

    said = page(today, "plan")

    assert "previewed:" not in said
    assert "this plan shows no gate as it will block: " in said
    assert "signed for marketing" in said


@pytest.mark.usefixtures("own_logs")
def test_a_plan_that_is_not_the_whole_gives_no_checksum_for_blocking(today: Office) -> None:
    _to_block_unseen(today)
    refused = Fault(match=re.compile("/search"), kind=Kind.STATUS, times=None, status=403)
    today.world.faults[System.HUBSPOT].arm(refused)

    result = syncd(today, "plan")

    assert result.exit_code == 1
    assert "a CRM could not be read" in result.output
    assert "previewed:" not in result.output


@pytest.mark.usefixtures("own_logs")
def test_past_moves_are_replayed_without_a_store_and_counted_by_rule(tmp_path: Path) -> None:
    start = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
    with office(tmp_path, start=start) as made:
        (made.home / "syncd.db").unlink()
        ann, bob = made.arrive("ann", LeadSource="Webinar"), made.arrive("bob")
        made.world.advance(timedelta(minutes=5))
        made.offer(ann, bob)
        made.world.advance(timedelta(minutes=5))
        made.rep_sets(ann, Status="Sales Qualified")
        made.world.advance(timedelta(minutes=5))
        made.rep_sets(ann, Budget_Confirmed__c=True, Need__c="a CRM")
        catch_up(made)

        text = page(made, "plan", "--since", "90d")
        found = json.loads(page(made, "plan", "--since", "90d", "--json"))

        assert "3 moves through a gate" in text
        assert found["by_gate"]["mql"]["flagged"] == 3
        assert found["by_gate"]["sql"]["blocked"] == 1
        assert found["by_team"]["marketing"]["flagged"] == 3
        assert found["by_team"]["sales"]["blocked"] == 1
        assert "by team held to the gate" in text
        assert "What wakes up when syncd writes" in text
        assert found["by_rule"]["engaged-recently"] == {"unmet": 3, "alone": 2}
        assert found["by_source"]["Webinar"]["blocked"] == 1
        assert found["judged_as_of_now"]["by_field"]["budget_confirmed"] == 2
        assert list(made.home.glob("*.db*")) == []


@pytest.mark.usefixtures("own_logs")
def test_a_span_that_is_none_is_told(today: Office) -> None:
    assert "--since" in str(syncd(today, "plan", "--since", "soon").exception)

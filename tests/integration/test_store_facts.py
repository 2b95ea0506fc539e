"""What was counted, read as tables out of a real database, whole and by what is new."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from core_cases import CRM, POLICY

from syncd.adapters.store.facts import FactsCache, read_facts
from syncd.adapters.store.store import SqlStore, open_store
from syncd.adapters.store.tables_facts import move_fact, round_fact
from syncd.commit import Commit
from syncd.core.handoff import open_handoff, reject
from syncd.domain.handoff import Change, Handoff, HandoffState, Proof, Rejection
from syncd.domain.lead import Lead, Side
from syncd.domain.names import OWNER, FieldName, LeadId, RecordId, RuleId, System, TransitionId
from syncd.domain.record import Snapshot
from syncd.domain.stage import SOMEBODY, Evidence, Stage, Transition
from syncd.domain.verdict import Finding, Result, Unmet, Verdict
from syncd.jobs.count import count
from syncd.measure.facts import MOVES, ROUNDS, Facts
from syncd.measure.rounds import CountedBy
from syncd.store_ports import StoreUrl

NOW = datetime(2026, 3, 2, 9, 30, 0, 123456, tzinfo=UTC)
HOUR = timedelta(hours=1)
ANNA, BERT = LeadId("lead-anna"), LeadId("lead-bert")
BY = CountedBy(policy=POLICY, crm=CRM)


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest) -> Iterator[SqlStore]:
    new: Callable[[], StoreUrl] | None = None
    if request.param == "postgresql":
        new = request.getfixturevalue("new_database")
    place = new() if new else Path(request.getfixturevalue("tmp_path")) / "syncd.db"
    with closing(open_store(place)) as made:
        made.acquire(holder="worker", now=NOW, span=HOUR)
        yield made


def person(lead_id: LeadId) -> Lead:
    seen = Snapshot(
        system=System.HUBSPOT,
        record_id=RecordId(f"hs-{lead_id}"),
        kind="contact",
        created_at=NOW,
        modified_at=NOW,
        values={OWNER: "rep@corp.example", FieldName("source"): "Webinar"},
    )
    shown = Side(
        system=System.HUBSPOT,
        record_id=seen.record_id,
        seen=seen,
        baseline={},
        stage_since=NOW,
    )
    return Lead(
        id=lead_id, cycle=1, stage=Stage.MQL, first_seen_at=NOW, sides={System.HUBSPOT: shown}
    )


def moved(lead_id: LeadId, to: Stage = Stage.MQL) -> Transition:
    return Transition(
        id=TransitionId(f"t-{lead_id}-{to}"),
        lead_id=lead_id,
        system=System.HUBSPOT,
        record_id=RecordId(f"hs-{lead_id}"),
        from_stage=Stage.LEAD,
        to_stage=to,
        at=NOW,
        seen_at=NOW,
        actor=SOMEBODY,
        evidence=Evidence.HISTORY,
    )


def judged(lead_id: LeadId) -> Verdict:
    unmet = Finding(
        rule=RuleId("size-known"), says="", fix="", outcome=Unmet(seen="", needed="a size")
    )
    return Verdict(
        gate=Stage.MQL,
        transition=moved(lead_id).id,
        lead_id=lead_id,
        result=Result.FAILS,
        findings=(unmet,),
        met=(RuleId("budget-known"),),
        score=None,
        standard="3",
        judged_at=NOW,
    )


def opened(lead_id: LeadId) -> Handoff:
    return open_handoff(
        person(lead_id),
        moved(lead_id),
        owner="rep@corp.example",
        segment=POLICY.segments[0],
        policy=POLICY,
    )


def offer(store: SqlStore, *ids: LeadId) -> None:
    """Leads that became MQL, were offered and turned down."""
    rejection = Rejection(reason="no-budget", missing=(FieldName("size"),), objection="too dear")
    how = Change(to=HandoffState.REJECTED, at=NOW + HOUR, seen_at=NOW, by="r", proof=Proof.SLACK)
    closed = [reject(opened(x), how, rejection, because="no budget") for x in ids]
    store.commit(
        Commit(
            now=NOW,
            leads=tuple(map(person, ids)),
            transitions=tuple(map(moved, ids)),
            verdicts=tuple(map(judged, ids)),
            closed=tuple(closed),
        )
    )
    count(store, BY)


def test_tables_have_the_columns_that_everything_is_counted_by(store: SqlStore) -> None:
    empty = read_facts(store, {})
    offer(store, ANNA)

    full = read_facts(store, {})

    for facts in (empty, full):
        assert dict(facts.rounds.schema) == dict(ROUNDS)
        assert dict(facts.moves.schema) == dict(MOVES)


def test_the_stored_columns_are_those_that_are_read() -> None:
    own = {"seq"}
    assert {x.name for x in round_fact.columns} - own == ROUNDS.keys() - {"team"}
    assert {x.name for x in move_fact.columns} - own == MOVES.keys() - {"team"} | {"transition_id"}


def test_every_kind_of_value_comes_back_as_it_was(store: SqlStore) -> None:
    offer(store, ANNA)

    facts = read_facts(store, {"rep@corp.example": "smb"})

    row = facts.rounds.row(0, named=True)
    assert (row["lead_id"], row["cycle"], row["source"]) == (ANNA, 1, "Webinar")
    assert (row["owner"], row["team"]) == ("rep@corp.example", "smb")
    assert row["mql_at"] == row["offered_at"] == NOW
    assert (row["state"], row["reason"]) == ("rejected", "no-budget")
    assert (row["missing"], row["objection"]) == (["size"], "too dear")
    assert (row["accept_missed"], row["sourced"], row["won_amount"]) == (False, True, None)
    assert row["assign_business_s"] == 0
    move = facts.moves.row(0, named=True)
    assert (move["unmet"], move["met"]) == (["size-known"], ["budget-known"])
    assert (move["treatment"], move["standard"], move["team"]) == ("observed", "3", "smb")


def in_order(facts: Facts) -> list[pl.DataFrame]:
    keys = ["lead_id", "cycle"]
    return [facts.rounds.sort(keys), facts.moves.sort(keys)]


def test_reading_again_brings_what_is_new_and_takes_away_what_is_gone(store: SqlStore) -> None:
    offer(store, ANNA, BERT)
    cache = FactsCache(store, {})
    before = cache.facts()
    store.commit(Commit(now=NOW, leads=(replace(person(BERT), stage=Stage.SQL),)))
    store.commit(Commit(now=NOW, transitions=(moved(BERT, Stage.SQL),), erased=(ANNA,)))
    count(store, BY)

    after = cache.facts()

    assert (before.rounds.height, before.moves.height) == (2, 2)
    assert after.rounds["lead_id"].to_list() == [BERT]
    assert after.rounds["sql_at"].to_list() == [NOW]
    assert cache.facts() is after
    fresh = read_facts(store, {})
    assert all(x.equals(y) for x, y in zip(in_order(after), in_order(fresh), strict=True))


def test_a_lead_that_is_gone_is_gone_though_nothing_else_is_new(store: SqlStore) -> None:
    offer(store, ANNA, BERT)
    cache = FactsCache(store, {})
    cache.facts()
    store.commit(Commit(now=NOW, erased=(ANNA,)))
    count(store, BY)

    assert cache.facts().rounds["lead_id"].to_list() == [BERT]


def test_thousands_of_rows_are_all_read(store: SqlStore) -> None:
    ids = [LeadId(f"lead-{n}") for n in range(300)]
    store.commit(Commit(now=NOW, leads=tuple(map(person, ids))))
    count(store, BY)

    assert set(read_facts(store, {}).rounds["lead_id"]) == set(ids)

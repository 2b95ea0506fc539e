"""Break the daemon on purpose, one defect at a time: the demo's audit must notice each.

An audit that finds nothing proves little unless it would have found something. The core
has no seams for being wrong, so that here alone a module's attribute is put aside for the
time of one run (`broken`); everything else runs as it ships. Every other defect is planted in
the slow tier only.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pkgutil import resolve_name
from typing import Any

import pytest

from syncd.adapters.hubspot.batch import write_contacts
from syncd.adapters.hubspot.updating import spell
from syncd.adapters.salesforce.adapter import Salesforce
from syncd.adapters.slack.bot import BotMessenger
from syncd.cli.demo.stage import run_demo
from syncd.core.draft import Draft
from syncd.core.settle import Due
from syncd.domain.action import (
    AddNote,
    FieldWrite,
    RecordWrite,
    SendAlert,
    WriteOutcome,
    WriteRecord,
    Written,
)
from syncd.domain.handoff import Rung
from syncd.domain.lead import Lead
from syncd.domain.names import ActionKey, System
from syncd.domain.record import Snapshot
from syncd.domain.values import Unreadable
from syncd.domain.verdict import Result, Verdict
from syncd.jobs.deliver_writes import _settle
from syncd.ports import Posted

NOON, AFTERNOON = 5.0, 7.0
"""Hours from Monday, 8:00: as much of the first day as a defect needs to show."""
LEADS, SEED, OTHER_SEED = 50, 2, 1
"""Everything that can happen to a lead happens to one. In the other week Salesforce fails under
an edit before noon."""


@contextmanager
def broken(path: str, instead: object) -> Iterator[None]:
    """Something else in the place of what the dotted path names, which must be there."""
    owner, _, name = path.rpartition(".")
    place, original = resolve_name(owner), resolve_name(path)
    setattr(place, name, instead)
    try:
        yield
    finally:
        setattr(place, name, original)


def checks(hours: float, seed: int = SEED) -> set[str]:
    """The promises that the audit of so many hours finds broken."""
    summary = run_demo(leads=LEADS, seed=seed, mode=None, hours=hours)
    return {finding.check for finding in summary.findings}


NOTHING_UNASKED = "syncd writes nothing without a reason"
MOVED_BACK = "a stage moved back"


@pytest.mark.parametrize(("hours", "seed"), [(AFTERNOON, SEED), (NOON, SEED), (NOON, OTHER_SEED)])
def test_a_daemon_without_a_defect_passes(hours: float, seed: int) -> None:
    assert checks(hours, seed) == set()


def test_a_gate_skipped_on_a_jump_is_found() -> None:
    judge_move = resolve_name("syncd.core.moves.judge_move")

    def near_sighted(*args: Any, crossing: Any, **rest: Any) -> tuple[Verdict, ...]:
        start, end = crossing
        jumped = end.rank - start.rank > 1
        return () if jumped else judge_move(*args, crossing=crossing, **rest)

    with broken("syncd.core.moves.judge_move", near_sighted):
        found = checks(NOON)

    assert MOVED_BACK in found


@pytest.mark.slow
def test_a_revert_that_is_not_read_back_is_found() -> None:
    def trusting(row: Any, action: Any, due: Any, sent: Any, back: Any, ledger: Any) -> None:
        _settle(action, sent, back, ledger)
        ledger.settled(row)

    def one_request(client: Any, writes: Sequence[RecordWrite], **_: Any) -> Any:
        values = {w.record_id: {k: spell(v) for k, v in w.properties.items()} for w in writes}
        return write_contacts(client, values).outcomes

    with (
        broken("syncd.adapters.hubspot.crm.update_contacts", one_request),
        broken("syncd.jobs.deliver_writes._confirm", trusting),
    ):
        found = checks(AFTERNOON)

    assert MOVED_BACK in found


def test_a_lead_recycled_early_is_found() -> None:
    steps_from = resolve_name("syncd.core.ladder.steps_from")

    def impatient(start: Any, terms: Any) -> Any:
        planned = dict(steps_from(start, terms))
        if Rung.RECYCLE in planned:
            planned[Rung.RECYCLE] = start + timedelta(hours=1)
        return tuple(sorted(planned.items(), key=lambda step: step[1]))

    with broken("syncd.core.handoff_clocks.steps_from", impatient):
        found = checks(NOON)

    assert NOTHING_UNASKED in found


@pytest.mark.slow
def test_a_deadline_judged_on_stale_data_is_found() -> None:
    def optimistic(sides: Any, systems: Any) -> Any:
        return max(side.read_through for side in sides.values()) + timedelta(hours=1)

    with broken("syncd.jobs.cycle.fresh_through", optimistic):
        found = checks(NOON)

    assert "no other messages" in found


def test_an_echo_taken_for_an_edit_is_found() -> None:
    settle = resolve_name("syncd.jobs.deliver_writes.settle")

    def forgetful(action: WriteRecord, lead: Lead, *args: Any, **rest: Any) -> Any:
        done = settle(action, lead, *args, **rest)
        side = replace(done.lead.sides[action.system], baseline=lead.sides[action.system].baseline)
        return replace(
            done, lead=replace(done.lead, sides={**done.lead.sides, action.system: side})
        )

    with broken("syncd.jobs.deliver_writes.settle", forgetful):
        found = checks(AFTERNOON)

    assert "no other messages" in found


@pytest.mark.slow
def test_a_write_over_a_newer_edit_is_found() -> None:
    def blunt(action: WriteRecord, lead: Lead, now_shown: Snapshot) -> Due:
        return Due(wanted=action.writes, landed=(), overtaken=(), dropped=())

    with broken("syncd.jobs.deliver_writes.still_due", blunt):
        found = checks(NOON, OTHER_SEED)

    assert "no human edit lost" in found


def test_a_message_sent_twice_is_found() -> None:
    send = BotMessenger.send

    def stuttering(
        self: BotMessenger,
        channel: str,
        alerts: Sequence[SendAlert],
        *,
        thread: Posted | None = None,
    ) -> Posted | None:
        send(self, channel, alerts, thread=thread)
        return send(self, channel, alerts, thread=thread)

    with broken("syncd.adapters.slack.bot.BotMessenger.send", stuttering):
        found = checks(NOON)

    assert "no message twice" in found


@pytest.mark.slow
def test_a_message_never_sent_is_found() -> None:
    with broken("syncd.adapters.slack.bot.BotMessenger.send", lambda *_, **__: None):
        found = checks(NOON)

    assert "people are told: handoff" in found


def test_a_conforming_lead_that_is_touched_is_found() -> None:
    judge_move = resolve_name("syncd.core.moves.judge_move")

    def harsh(*args: Any, **rest: Any) -> tuple[Verdict, ...]:
        return tuple(replace(v, result=Result.FAILS) for v in judge_move(*args, **rest))

    with broken("syncd.core.moves.judge_move", harsh):
        found = checks(NOON)

    assert NOTHING_UNASKED in found


@pytest.mark.slow
def test_a_missing_note_is_found() -> None:
    def lazy(_: Salesforce, notes: Sequence[AddNote]) -> dict[ActionKey, WriteOutcome]:
        return {note.key: Written() for note in notes}

    with broken("syncd.adapters.salesforce.adapter.Salesforce.add_notes", lazy):
        found = checks(NOON)

    assert found == {"a blocked move is explained by one note"}


def test_a_move_that_does_not_travel_is_found() -> None:
    with broken("syncd.core.enforce.propagate", lambda draft, *_: draft):
        found = checks(NOON)

    assert "a stage travels" in found


@pytest.mark.slow
def test_first_sight_taken_for_a_move_is_found() -> None:
    rules = resolve_name("syncd.wiring.Rules")

    def reaching_back(**settings: Any) -> Any:
        long_ago = settings["enforce_from"] - timedelta(days=30)
        return rules(**{**settings, "enforce_from": long_ago})

    with (
        broken("syncd.wiring.Rules", reaching_back),
        broken("syncd.core.observe._is_born", lambda *_: True),
    ):
        found = checks(NOON)

    assert NOTHING_UNASKED in found


def test_a_grace_that_is_ignored_is_found() -> None:
    rules = resolve_name("syncd.wiring.Rules")

    def merciless(**settings: Any) -> Any:
        hasty = replace(settings["policy"], grace=timedelta())
        return rules(**{**settings, "policy": hasty})

    with broken("syncd.wiring.Rules", merciless):
        found = checks(NOON)

    assert NOTHING_UNASKED in found


@pytest.mark.slow
def test_a_lead_recycled_on_one_side_only_is_found() -> None:
    write = resolve_name("syncd.core.recycle._write")

    def one_sided(draft: Draft, side: Any, *rest: Any) -> Draft:
        return draft if side.system is System.HUBSPOT else write(draft, side, *rest)

    with broken("syncd.core.recycle._write", one_sided):
        found = checks(AFTERNOON)

    assert "a stage recycled" in found


def test_a_lead_passed_on_in_one_crm_only_is_found() -> None:
    living = resolve_name("syncd.core.rungs.living")

    with broken("syncd.core.rungs.living", lambda lead: tuple(living(lead))[:1]):
        found = checks(AFTERNOON)

    assert found == {"owner is passed on"}


@pytest.mark.slow
def test_a_human_edit_put_back_is_found() -> None:
    still_due = resolve_name("syncd.jobs.deliver_writes.still_due")

    def stubborn(action: WriteRecord, lead: Lead, now_shown: Snapshot) -> Any:
        due = still_due(action, lead, now_shown)
        return replace(due, wanted=tuple(_older(write) for write in due.wanted))

    with broken("syncd.jobs.deliver_writes.still_due", stubborn):
        found = checks(NOON)

    assert "no human edit lost" in found


def _older(write: FieldWrite) -> FieldWrite:
    if isinstance(write.seen, Unreadable) or not write.rule.startswith("changed"):
        return write
    return replace(write, value=write.seen)

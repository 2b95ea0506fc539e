"""Break the daemon on purpose, one defect at a time: the machine's laws must notice each.

Laws that find nothing prove little unless they would have found something. The product has no
seams for being wrong, so that here alone a module's attribute is put aside for the time of one
script (`broken`); everything else runs as it ships. Each script is harmless without its defect.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count
from pkgutil import resolve_name
from typing import Any

import pytest
from deeds_life import Convert, Delete, Erase, MergeLeads
from deeds_people import Arrive, Edit, EditBoth, Move
from deeds_world import Brake, Cycle, Storm
from hands import Deed, Value
from model_map import HS, SF
from play import play
from streets import Streets

from syncd.adapters.hubspot.batch import write_contacts
from syncd.adapters.hubspot.updating import spell
from syncd.adapters.transport.retry import ATTEMPTS
from syncd.core.settle import Due
from syncd.domain.names import System

LONG = timedelta(minutes=15)
TWO = (Arrive(), Arrive(), Cycle())


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Defect:
    """What is put in the place of what, the script that brings it to light, and the law that
    must be broken then."""

    instead: Mapping[str, object]
    script: Sequence[Deed]
    law: str


# --- reading -------------------------------------------------------------------------------

_record = resolve_name("syncd.jobs.read._record")


def _record_early(pair: Any, reading: Any, ctx: Any) -> None:
    reading.began = {system: at + LONG for system, at in reading.began.items()}
    _record(pair, reading, ctx)


_open = resolve_name("syncd.jobs.read._open")


def _open_without_overlap(pair: Any, system: Any, mark: Any, ctx: Any) -> Any:
    return _open(pair, system, mark and mark + ctx.crm.sides[system].overlap, ctx)


def _one_a_stamp(pages: Any) -> Any:
    """Only the first of several records that share a stamp."""
    for page in pages:
        first: dict[Any, Any] = {}
        for record in page.records:
            first.setdefault(record.modified_at, record)
        yield replace(page, records=tuple(first.values()))


_changed_contacts = resolve_name("syncd.adapters.hubspot.poll.changed_contacts")


def _contacts_without_ties(*args: Any, **kwargs: Any) -> Any:
    return _one_a_stamp(_changed_contacts(*args, **kwargs))


# --- deciding ------------------------------------------------------------------------------

_reconcile = resolve_name("syncd.core.fields.reconcile")


def _clearing(spec: Any, *facets: Any) -> Any:
    return _reconcile(replace(spec, clears=True), *facets)


_winner = resolve_name("syncd.core.reconcile._winner")


def _loser(rule: Any, one: Any, two: Any) -> Any:
    winner, how = _winner(rule, one, two)
    return winner and winner.other, how


_latest = resolve_name("syncd.core.reconcile._latest")


def _earliest(one: Any, two: Any) -> Any:
    winner, how = _latest(one, two)
    return winner and winner.other, how


def _nothing_in_flight(pending: Any, field: Any, seen: Any) -> bool:
    return False


def _decided_already(decision: Any, writes: Any) -> Any:
    return replace(decision, actions=tuple(x for x in decision.actions if x not in writes))


# --- delivering ----------------------------------------------------------------------------


def _blunt(action: Any, lead: Any, now_shown: Any) -> Due:
    return Due(wanted=action.writes, landed=(), overtaken=(), dropped=())


def _forgetful(settle: Any) -> Any:
    """The baseline stays as it was: our own write looks like somebody's edit."""

    def settled(action: Any, lead: Any, *args: Any, **kwargs: Any) -> Any:
        done = settle(action, lead, *args, **kwargs)
        before = lead.sides[action.system].baseline
        side = replace(done.lead.sides[action.system], baseline=before)
        sides = {**done.lead.sides, action.system: side}
        return replace(done, lead=replace(done.lead, sides=sides))

    return settled


_settle = resolve_name("syncd.jobs.deliver_writes._settle")


def _trusting(row: Any, action: Any, due: Any, sent: Any, back: Any, ledger: Any) -> None:
    _settle(action, sent, back, ledger)
    ledger.settled(row)


def _one_request(client: Any, writes: Any, **_: Any) -> Any:
    values = {w.record_id: {k: spell(v) for k, v in w.properties.items()} for w in writes}
    return write_contacts(client, values).outcomes


def _untold(action: Any, writes: Any, now: Any) -> tuple[()]:
    return ()


# --- life ----------------------------------------------------------------------------------


def _still_there(draft: Any, side: Any, snapshot: Any) -> Any:
    return draft


class _Undying:
    """A CRM of which no record is ever deleted."""

    def __init__(self, crm: Any) -> None:
        self._crm = crm

    def __getattr__(self, name: str) -> Any:
        return getattr(self._crm, name)

    def read(self, *args: Any) -> Any:
        return {i: replace(record, deleted=False) for i, record in self._crm.read(*args).items()}


_look = resolve_name("syncd.jobs.deliver_writes._look")


def _look_at_anything(pair: Any, system: System, *args: Any) -> Any:
    undying = {**pair.crms, system: _Undying(pair.crms[system])}
    return _look(replace(pair, crms=undying), system, *args)


_create = resolve_name("syncd.adapters.salesforce.creating.Creating.create")
_numbers = count(1)


def _make_another(creating: Any, creates: Any) -> Any:
    """Under an id of its own each time, so that a repeat does not find the first one."""
    return _create(
        creating, [replace(c, external_id=f"{c.external_id}-{next(_numbers)}") for c in creates]
    )


def _nobody_there(pair: Any, system: Any, jobs: Any, ctx: Any) -> dict[Any, Any]:
    return {}


def _of_no_other(snapshot: Any, side: Any) -> bool:
    """Whoever goes by another id now is somebody else."""
    return bool(snapshot.record_id == side.record_id)


def _look_by_the_old_id(pair: Any, system: System, *args: Any) -> Any:
    shown = _look_at_anything(pair, system, *args)
    return {i: replace(snapshot, record_id=i, kind="Lead") for i, snapshot in shown.items()}


def _no_farewell(pair: Any, leads: Any, ctx: Any) -> int:
    return 0


DEFECTS: Mapping[str, Defect] = {
    "the watermark is moved too early": Defect(
        instead={"syncd.jobs.read._record": _record_early},
        script=(*TWO, Edit(who=0, side=SF, field="title"), Cycle()),
        law="sides agree",
    ),
    "the overlap is dropped": Defect(
        instead={"syncd.jobs.read._open": _open_without_overlap},
        script=(*TWO, Cycle(), Edit(who=0, side=SF, field="title", late=200), Cycle(), Cycle()),
        law="sides agree",
    ),
    "of records with one stamp one is lost": Defect(
        instead={"syncd.adapters.hubspot.crm.changed_contacts": _contacts_without_ties},
        script=(
            *TWO,
            Edit(who=0, side=HS, field="title"),
            Edit(who=1, side=HS, field="title"),
            Cycle(),
        ),
        law="sides agree",
    ),
    "a blank overwrites": Defect(
        instead={"syncd.core.fields.reconcile": _clearing},
        script=(*TWO, Edit(who=0, side=HS, field="title", value=Value.BLANK), Cycle()),
        law="blanks overwrite nothing",
    ),
    "the wrong side wins a conflict": Defect(
        instead={"syncd.core.reconcile._winner": _loser},
        script=(*TWO, EditBoth(who=0, field="phone", first=HS, apart=2), Cycle()),
        law="rules choose the winner",
    ),
    "the earliest edit wins": Defect(
        instead={"syncd.core.reconcile._latest": _earliest},
        script=(*TWO, EditBoth(who=0, field="title", first=SF, apart=5), Cycle()),
        law="rules choose the winner",
    ),
    "an echo is taken for an edit": Defect(
        instead={
            "syncd.jobs.deliver_writes.settle": _forgetful(
                resolve_name("syncd.jobs.deliver_writes.settle")
            ),
        },
        script=(
            *TWO,
            Edit(who=0, side=HS, field="company"),
            Cycle(),
            Edit(who=0, side=HS, field="company"),
            Cycle(),
        ),
        law="conflicts are real",
    ),
    "a write in flight is forgotten": Defect(
        instead={"syncd.core.views.covers": _nothing_in_flight},
        script=(
            *TWO,
            Storm(kind="failed write to hubspot"),
            Edit(who=0, side=SF, field="company"),
            Cycle(after=20),
            Edit(who=0, side=HS, field="title"),
            Cycle(after=20),
        ),
        law="conflicts are real",
    ),
    "a newer edit is written over": Defect(
        instead={"syncd.jobs.deliver_writes.still_due": _blunt},
        script=(
            *TWO,
            Storm(kind="failed write to hubspot", times=1),
            Edit(who=0, side=SF, field="title"),
            Cycle(),
            Storm(kind="busy hubspot", times=30),
            Edit(who=0, side=HS, field="title"),
            Cycle(),
            Cycle(),
        ),
        law="rules choose the winner",
    ),
    "a write is believed unread": Defect(
        instead={
            "syncd.adapters.hubspot.crm.update_contacts": _one_request,
            "syncd.jobs.deliver_writes._confirm": _trusting,
        },
        script=(
            *TWO,
            Move(who=0, side=HS, stage="sql"),
            Cycle(),
            *(Cycle(after=200) for _ in range(10)),
        ),
        law="contests are real",
    ),
    "an overwrite is not told": Defect(
        instead={"syncd.core.settle._overwrites": _untold},
        script=(*TWO, Edit(who=0, side=SF, field="title"), Cycle()),
        law="overwrites are told",
    ),
    "the baseline moves while a plan is held": Defect(
        instead={"syncd.core.brake.withhold": _decided_already},
        script=(*TWO, Brake(records=0), Edit(who=0, side=SF, field="title"), Cycle()),
        law="all is at rest",
    ),
    "a deletion goes unnoticed": Defect(
        instead={"syncd.core.observe._lose": _still_there},
        script=(*TWO, Delete(who=0, side=SF), Cycle()),
        law="the dead are known",
    ),
    "the loser of a merge is still written to": Defect(
        instead={
            "syncd.core.observe._lose": _still_there,
            "syncd.jobs.deliver_writes._look": _look_at_anything,
        },
        script=(
            *TWO,
            MergeLeads(who=0, other=1),
            Cycle(),
            Edit(who=1, side=HS, field="title"),
            Cycle(),
        ),
        law="nothing dead is written to",
    ),
    "a repeated creation makes another record": Defect(
        instead={
            "syncd.adapters.salesforce.creating.Creating.create": _make_another,
            "syncd.jobs.deliver_creates._already_there": _nobody_there,
        },
        script=(
            *TWO,
            Arrive(where="hubspot"),
            Cycle(),
            Storm(kind="lost making in salesforce"),
            Move(who=2, side=HS, stage="mql"),
            Cycle(),
            Storm(kind="busy salesforce", times=ATTEMPTS),
            Cycle(after=200),
        ),
        law="nothing is made twice",
    ),
    "former ids are forgotten": Defect(
        instead={"syncd.core.observe.is_of": _of_no_other},
        script=(*TWO, Edit(who=0, side=SF, field="title"), Convert(who=0), Cycle()),
        law="each record is new once",
    ),
    "a converted lead is still written to": Defect(
        instead={"syncd.jobs.deliver_writes._look": _look_by_the_old_id},
        script=(
            *TWO,
            Storm(kind="failed write to salesforce"),
            Edit(who=0, side=HS, field="title"),
            Cycle(),
            Convert(who=0),
            Storm(kind="busy salesforce", times=ATTEMPTS),
            Cycle(after=200),
        ),
        law="nothing dead is written to",
    ),
    "the erased are kept": Defect(
        instead={"syncd.jobs.farewell.forget": _no_farewell},
        script=(*TWO, Cycle(), Cycle(), Cycle(), Erase(who=0)),
        law="the erased have left",
    ),
}


@pytest.mark.parametrize("name", DEFECTS)
def test_a_planted_defect_is_found(name: str, streets: Streets) -> None:
    defect = DEFECTS[name]

    with ExitStack() as stack:
        for path, instead in defect.instead.items():
            stack.enter_context(broken(path, instead))
        words = play(streets, defect.script)

    assert defect.law in {word.partition(":")[0] for word in words}, words


@pytest.mark.slow
@pytest.mark.parametrize("name", DEFECTS)
def test_without_its_defect_a_script_breaks_no_law(name: str, streets: Streets) -> None:
    words = play(streets, DEFECTS[name].script)

    assert words == []

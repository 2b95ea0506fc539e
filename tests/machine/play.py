"""Play a script in a town, let everything come to rest, and hold it against the laws."""

import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise, permutations, product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import structlog
from deeds_people import Connector
from deeds_world import Configure
from evidence import Evidence
from hands import Deed
from kin import Place
from laws import broken_laws
from model import STAGE_PROPERTIES, Chronicle
from model_map import BY_NAME, KINDS, Flow
from streets import Streets
from town import MINUTE, Town
from watched import Deal

from syncd.domain.names import LeadId
from syncd.domain.order import ApplyPlan, Order
from syncd.domain.stage import ActorKind, Transition
from syncd.store_ports import Story

_REST = (*[1] * 6, *[3] * 2, *[6] * 3, 15, 30, 60)
"""Minutes between the cycles after which all must be at rest: past the grace, and past the
longest wait of an effect that failed."""
_DAY = (120,) * 13
"""And when somebody was to be forgotten: within a day all of it must have left."""
_CRASHES = ("crashed", "not_decided", "config_refused")


class CrashLog:
    """A structlog processor that keeps what only a bug would log, and drops the rest."""

    def __init__(self) -> None:
        self.crashes: list[str] = []

    def __call__(self, _: Any, method: str, event: Any) -> Any:
        if method == "exception" or any(word in event["event"] for word in _CRASHES):
            info = event.get("exc_info")
            self.crashes.append(f"{event['event']} {_raised(info)}")
        raise structlog.DropEvent


def _raised(info: object) -> str:
    error = sys.exc_info()[1]
    return f"{type(error).__name__}: {error}" if error else str(info or "")


@dataclass(slots=True)
class Game:
    """A script under way."""

    town: Town
    log: CrashLog
    script: list[Deed] = field(default_factory=list)
    flows: dict[str, set[Flow]] = field(default_factory=dict)
    configured: set[str] = field(default_factory=set)

    def do(self, deed: Deed) -> None:
        self.script.append(deed)
        if isinstance(deed, Configure):
            old = self.town.fields[deed.field].flow
            self.configured.add(deed.field)
            self.flows.setdefault(deed.field, {old}).add(deed.flow or old)
        elif isinstance(deed, Connector):  # what it is seen to move may be left to it
            old = self.town.fields[deed.field].flow
            self.flows.setdefault(deed.field, {old}).add(Flow.NONE)
        deed.do(self.town)

    def rest(self) -> None:
        """The weather clears, people rest, and somebody approves what was held."""
        for faults in self.town.world.faults.values():
            faults.disarm()
        for minutes in (*_REST, *(_DAY if self.town.erased else ())):
            self._approve()
            self.town.world.advance(MINUTE * minutes)
            self.town.cycle()

    def _approve(self) -> None:
        store, now = self.town.store.living, self.town.world.now()
        for plan in store.open_plans():
            order = Order(
                id=f"{plan.id}-{now}", what=ApplyPlan(plan_id=plan.id), by="admin", placed_at=now
            )
            store.place(order)

    def violations(self) -> list[str]:
        return broken_laws(self.evidence())

    def evidence(self) -> Evidence:
        entries = list(self.town.world.journal)
        return Evidence(
            town=self.town,
            chronicle=Chronicle(entries),
            stories=self.stories(),
            crashes=(*self.log.crashes, *self.town.escaped),
            rules={n: each.rule for n, each in BY_NAME.items() if n not in self.configured},
            flows={
                name: frozenset(self.flows.get(name, {each.flow})) for name, each in BY_NAME.items()
            },
        )

    def stories(self) -> Mapping[LeadId, Story]:
        """Everything the product knows, by the records the world has ever had."""
        store, found = self.town.store.living, {}
        records = {
            entry.record_id
            for entry in self.town.world.journal
            if entry.object in KINDS.get(entry.system, ())
        }
        for record in sorted(records):
            for lead_id in store.look_up(record):
                story = store.story(lead_id)
                if story:
                    found[story.lead.id] = story
        return found


@contextmanager
def game(streets: Streets, *, deal: Deal | None = None) -> Iterator[Game]:
    log = CrashLog()
    structlog.configure(processors=[log])
    with TemporaryDirectory() as folder:
        town = Town(home=Path(folder), streets=streets, deal=deal or Deal())
        try:
            yield Game(town, log)
        finally:
            town.close()
            structlog.reset_defaults()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a script has come to, told without the times at which syncd did its part."""

    facts: Mapping[tuple[str, str, str], object]
    """What each record tells of each field, and of its stage."""
    moves: Counter[tuple[str, ...]]
    links: frozenset[frozenset[str]]
    """The living records of each lead that has any. Whether a lead was made one with another's
    before or after its last record went, and which of two that went it goes by, depends on
    what was read first; nothing is written to either."""

    def moves_of_others(self) -> Counter[tuple[str, ...]]:
        """Without how they became known."""
        return Counter(
            (record, before, after, at)
            for (_, record, before, after, kind, _, at), count in self.moves.items()
            if kind != ActorKind.SYNCD
            for _ in range(count)
        )


def outcome(streets: Streets, script: Sequence[Deed], *, deal: Deal | None = None) -> Outcome:
    """What a script leaves behind."""
    with game(streets, deal=deal) as played:
        for deed in script:
            played.do(deed)
        played.rest()
        return _outcome(played)


def _outcome(played: Game) -> Outcome:
    stories = played.stories().values()
    return Outcome(
        facts=dict(_facts(played.town)),
        moves=Counter(_move(t) for story in stories for t in story.transitions),
        links=frozenset(filter(None, (_living(story) for story in stories))),
    )


def _living(story: Story) -> frozenset[str]:
    return frozenset(side.record_id for side in story.lead.sides.values() if not side.gone)


def _facts(town: Town) -> Iterator[tuple[tuple[str, str, str], object]]:
    entries = list(town.world.journal)
    chronicle = Chronicle(entries)
    either = set(_right_either_way(chronicle, [0, *(x.seq for x in town.looks), len(entries)]))
    for place in {(e.system, e.record_id) for e in entries if e.object in KINDS.get(e.system, ())}:
        for name in BY_NAME:
            if (place, name) not in either:
                fact = chronicle.fact_at(place, name, len(entries))
                yield (place[0].value, place[1], name), fact
    for entry in entries:
        if entry.field in STAGE_PROPERTIES:
            yield (entry.system.value, entry.record_id, entry.field), entry.after


def _right_either_way(chronicle: Chronicle, looks: Sequence[int]) -> Iterator[tuple[Place, str]]:
    """Fields that somebody set to what the other CRM had shown till then, while it was changed
    there. Read together that is a conflict, and the rule decides; on two pages it may be an
    agreement first and the change after that. Pages that are read one by one cannot tell."""
    for records in chronicle.kin.everybody():
        for name, (since, until) in product(BY_NAME, pairwise(looks)):
            edited = [
                place
                for place in records
                if any(
                    since < change.seq <= until and not change.by_syncd
                    for change in chronicle.changes(place, name)
                )
            ]
            if any(
                one[0] is not other[0]
                and chronicle.fact_at(one, name, until) == chronicle.fact_at(other, name, since)
                for one, other in permutations(edited, 2)
            ):
                yield from ((place, name) for place in records)


def _move(t: Transition) -> tuple[str, ...]:
    at = "" if t.actor.kind is ActorKind.SYNCD else t.at.isoformat()
    return (t.system, t.record_id, t.from_stage, t.to_stage, t.actor.kind, t.evidence, at)


def play(streets: Streets, script: Sequence[Deed], *, deal: Deal | None = None) -> list[str]:
    """The laws a script breaks."""
    with game(streets, deal=deal) as played:
        for deed in script:
            played.do(deed)
        played.rest()
        return played.violations()

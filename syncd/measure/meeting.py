"""What marketing and sales look at together once a month: what the standard's rules came to, what
was missing, and what to change.

Counts nothing that the report counts as well: those tables are the report's own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from syncd.domain.standard import Standard
from syncd.measure.facts import Facts
from syncd.measure.own_ledger import GateLedger, StoppedWinners, gate_ledger, stopped_winners
from syncd.measure.proposals import Proposal, proposals
from syncd.measure.report import Catalogue
from syncd.measure.scope import Scope
from syncd.measure.tables import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """One question of the meeting, with the report's tables that answer it."""

    title: str
    tables: tuple[Table, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """`gates` weigh all leads that had `span` to win, `topics` and `stopped` are of the month."""

    scope: Scope
    standard: Standard
    span: timedelta
    gates: tuple[GateLedger, ...]
    stopped: tuple[StoppedWinners, ...]
    topics: tuple[Topic, ...]
    proposals: tuple[Proposal, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Agenda:
    """The report's measures under each question, by id."""

    topics: Sequence[tuple[str, Sequence[str]]]
    catalogue: Catalogue


def meeting_of(
    agenda: Agenda, facts: Facts, standard: Standard, scope: Scope, *, span: timedelta
) -> Meeting:
    gates = tuple(
        gate_ledger(facts, standard, stage, span=span, now=scope.now) for stage in standard.gates
    )
    stopped = stopped_winners(facts, standard, start=scope.start, end=scope.end)
    return Meeting(
        scope=scope,
        standard=standard,
        span=span,
        gates=gates,
        stopped=stopped,
        topics=tuple(_topic(title, ids, agenda, facts, scope) for title, ids in agenda.topics),
        proposals=tuple(
            x
            for one in gates
            for x in proposals(standard, one, [y.rule for y in stopped if y.stage is one.stage])
        ),
    )


def _topic(title: str, ids: Sequence[str], agenda: Agenda, facts: Facts, scope: Scope) -> Topic:
    measures = agenda.catalogue.measures
    return Topic(title=title, tables=tuple(measures[x].table(facts, scope) for x in ids))

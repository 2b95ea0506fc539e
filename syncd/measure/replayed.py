"""Count replayed moves: what would have become of them, by gate, team, rule, side, owner and
source.

Pure; it holds counts only, however many moves there are.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from syncd.core.replay import Fate, Replayed, hardest
from syncd.domain.names import FieldName, RuleId
from syncd.domain.stage import Stage
from syncd.domain.standard import TEAMS

Fates = Counter[Fate]
_MARKETING, _SALES = TEAMS


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleCount:
    """Moves in which the rule was unmet, and those of them in which it alone was."""

    unmet: int
    alone: int


def _by_team(x: Replayed) -> Iterator[tuple[str, Fate]]:
    """Marketing answers for what is offered to sales, sales for how far it is taken from there."""
    offering = {gate: fate for gate, fate in x.by_gate.items() if gate.rank <= Stage.MQL.rank}
    taking = {gate: fate for gate, fate in x.by_gate.items() if gate not in offering}
    for team, fates in ((_MARKETING, offering), (_SALES, taking)):
        if fates:
            yield team, hardest(fates.values())


@dataclass(slots=True, kw_only=True)
class ReplayCounts:
    """`of_now` counts, by field, the moves judged with its value of now; `doubtful` all moves
    judged with any such value. `by_team` is by who is held to the gates that were entered: a
    move through gates of both counts for each."""

    since: datetime
    moves: int = 0
    doubtful: int = 0
    fates: Fates = field(default_factory=Counter)
    by_gate: dict[str, Fates] = field(default_factory=dict)
    by_team: dict[str, Fates] = field(default_factory=dict)
    by_side: dict[str, Fates] = field(default_factory=dict)
    by_owner: dict[str, Fates] = field(default_factory=dict)
    by_source: dict[str, Fates] = field(default_factory=dict)
    of_now: Counter[FieldName] = field(default_factory=Counter)
    _unmet: Counter[RuleId] = field(default_factory=Counter)
    _alone: Counter[RuleId] = field(default_factory=Counter)

    def add(self, x: Replayed) -> None:
        self.moves += 1
        self.doubtful += bool(x.of_now)
        self.fates[x.fate] += 1
        for gate, fate in x.by_gate.items():
            self.by_gate.setdefault(gate.value, Counter())[fate] += 1
        for team, fate in _by_team(x):
            self.by_team.setdefault(team, Counter())[fate] += 1
        for group, name in (
            (self.by_side, x.move.system.label),
            (self.by_owner, x.owner or "nobody"),
            (self.by_source, x.source or "none given"),
        ):
            group.setdefault(name, Counter())[x.fate] += 1
        self.of_now.update(x.of_now)
        self._unmet.update(x.unmet)
        if len(x.unmet) == 1:
            self._alone.update(x.unmet)

    def by_rule(self) -> Mapping[RuleId, RuleCount]:
        """The one most often unmet first."""
        ranked = sorted(self._unmet.items(), key=lambda x: (-x[1], x[0]))
        return {rule: RuleCount(unmet=n, alone=self._alone[rule]) for rule, n in ranked}

    def digest(self) -> str:
        """The same for the same counts."""
        groups = ({"": self.fates}, {"": self._unmet}, self.by_gate, self.by_side)
        told = [sorted((x, sorted(n.items())) for x, n in group.items()) for group in groups]
        return sha256(repr(told).encode()).hexdigest()


def counted_moves(moves: Iterable[Replayed], *, since: datetime) -> ReplayCounts:
    counts = ReplayCounts(since=since)
    for x in moves:
        counts.add(x)
    return counts

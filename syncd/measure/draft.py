"""Backwards from closed-won: what separated the winners, as a proposal for people to decide on.

Reads the leads four times and keeps counts, not leads: how far they reach and what is known only
after the outcome; the older leads' values; how conditions part the older leads; what is left of
that among the newer ones.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from syncd.domain.names import FieldName, RuleId
from syncd.domain.standard import FieldTest, RuleKind
from syncd.domain.values import FieldSpec
from syncd.errors import PermanentError
from syncd.measure.draft_candidates import Field, conditions_for
from syncd.measure.draft_counts import Counts
from syncd.measure.draft_fit import Fitted, fit, p_of_more, strength
from syncd.measure.draft_gates import GateDraft, ScoreDraft, gate, score
from syncd.measure.draft_patterns import MOST_CONDITIONS, Part, Patterns
from syncd.measure.draft_split import Days, Split
from syncd.measure.draft_values import Seen
from syncd.measure.draft_words import kind_of, rule_id
from syncd.measure.leakage import Fills
from syncd.measure.ledger import SIGNIFICANT
from syncd.measure.outcomes import AsOf, Leads
from syncd.measure.rates import Contrast, corrected
from syncd.measure.shares import Rate

ALIKE = 0.7
"""Two conditions whose truth is correlated so strongly are one condition asked twice."""
ADDS_NOTHING = 2.33
"""Among leads alike in the stronger condition, the weaker one tells winners apart by fewer
standard errors than this (chance makes as much of nothing once in a hundred times), and by fewer
than half of what it does by itself (else it is only that the leads are few)."""
_HANDED_OVER = frozenset({RuleKind.FIT, RuleKind.BEHAVIOUR})


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """`fields` are all that a standard may name; `taken` ids that no rule may have; `now` bounds
    what can be known; `forced` fields count though they look known only after the outcome."""

    fields: Mapping[FieldName, FieldSpec]
    span: timedelta
    now: datetime
    forced: Collection[FieldName] = ()
    taken: Collection[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A condition fitted on the older leads, with what the newer ones say of it. `p` is that of
    the newer part, corrected for all conditions held against it."""

    id: RuleId
    kind: RuleKind
    condition: FieldTest
    as_of_now: bool
    older: Contrast
    newer: Contrast
    p: float
    looked_at: int

    @property
    def holds_up(self) -> bool:
        return self.newer.is_enough and self.p < SIGNIFICANT

    @property
    def surely(self) -> float:
        """The least difference that the newer leads leave room for."""
        interval = self.newer.difference_interval
        return interval.low if interval else -1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Redundant:
    """`found` tells nothing that `beside` does not tell."""

    found: Found
    beside: RuleId
    correlation: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """`rules` are proposed, the surest first; `unconfirmed` parted the older leads and not surely
    the newer ones, `weaker` parted the older ones and were not tried on the newer. `mql` and `sql`
    are None where no rule is of that kind, `score` where points would not help."""

    source: str
    span: timedelta
    split: Split
    older: Rate
    newer: Rate
    tried: int
    rules: tuple[Found, ...]
    unconfirmed: tuple[Found, ...]
    redundant: tuple[Redundant, ...]
    refused: Mapping[FieldName, str]
    forced: Mapping[FieldName, str]
    too_few: tuple[FieldName, ...]
    weaker: tuple[FieldName, ...]
    nothing: tuple[FieldName, ...]
    mql: GateDraft | None
    sql: GateDraft | None
    score: ScoreDraft | None
    notes: tuple[str, ...]


def draft(leads: Leads, asked: Asked) -> Draft:
    """PermanentError where no lead has had its time yet."""
    split, leaky = _first_look(leads, asked)
    refused = {x: why for x, why in leaky.items() if x not in asked.forced}
    fields = _fields(leads, asked, refused)
    conditions = _conditions(leads, split, fields)
    fitted = fit(conditions, _counted(leads, split, conditions), asked.forced)
    best = fitted.best[:MOST_CONDITIONS]
    older, newer = _parts(leads, split, [x.condition for x in best])
    found = _found(best, newer, fields, asked.taken)
    kept, redundant = _parted(found, older)
    return Draft(
        source=leads.source,
        span=asked.span,
        split=split,
        older=older.everyone,
        newer=newer.everyone,
        tried=fitted.tried,
        rules=tuple(sorted((found[x] for x in kept), key=lambda x: -x.surely)),
        unconfirmed=tuple(x for x in found if not x.holds_up),
        redundant=redundant,
        refused={**refused, **fitted.refused},
        forced={x: why for x, why in leaky.items() if x in asked.forced},
        too_few=fitted.too_few,
        weaker=tuple(x.condition.field for x in fitted.best[MOST_CONDITIONS:]),
        nothing=fitted.nothing,
        mql=gate(_places(found, kept, handed_over=True), older, newer),
        sql=gate(_places(found, kept, handed_over=False), older, newer),
        score=score({found[x].id: x for x in kept}, older, newer),
        notes=leads.notes,
    )


def _first_look(leads: Leads, asked: Asked) -> tuple[Split, Mapping[FieldName, str]]:
    fills, days = Fills(leads), Days()
    for batch in leads.batches():
        fills.add(batch)
        days.add(batch)
    split = days.split(asked.span, asked.now)
    if split is None:
        raise PermanentError(
            f"no two days' leads of {leads.source} have had {asked.span.days} days to win: wait, "
            "or give all of them less time with --horizon"
        )
    return split, fills.leaky()


def _fields(
    leads: Leads, asked: Asked, refused: Collection[FieldName]
) -> Mapping[FieldName, Field]:
    return {
        name: Field(spec=asked.fields[name], as_of_now=when is AsOf.NOW)
        for name, when in sorted(leads.as_of.items())
        if name in asked.fields and name not in refused
    }


def _conditions(
    leads: Leads, split: Split, fields: Mapping[FieldName, Field]
) -> tuple[FieldTest, ...]:
    seen, types = Seen(), {name: x.spec.type for name, x in fields.items()}
    for batch in leads.batches():
        seen.add(split.older(batch), types)
    return tuple(test for field in fields.values() for test in conditions_for(field, seen))


def _counted(leads: Leads, split: Split, conditions: Sequence[FieldTest]) -> tuple[Contrast, ...]:
    counts = Counts(conditions)
    for batch in leads.batches():
        counts.add(split.older(batch))
    return counts.contrasts()


def _parts(leads: Leads, split: Split, conditions: Sequence[FieldTest]) -> tuple[Part, Part]:
    patterns = Patterns(conditions)
    for batch in leads.batches():
        patterns.add(split.add_to(batch))
    return patterns.part(newer=False), patterns.part(newer=True)


def _found(
    best: Sequence[Fitted],
    newer: Part,
    fields: Mapping[FieldName, Field],
    taken: Collection[str],
) -> tuple[Found, ...]:
    contrasts = [newer.contrast(n) for n in range(len(best))]
    ps = corrected([p_of_more(x) for x in contrasts])
    ids = set(taken)
    found = []
    for fitted, contrast, p in zip(best, contrasts, ps, strict=True):
        name = rule_id(fitted.condition, ids)
        ids.add(name)
        found.append(
            Found(
                id=name,
                kind=kind_of(fitted.condition),
                condition=fitted.condition,
                as_of_now=fields[fitted.condition.field].as_of_now,
                older=fitted.older,
                newer=contrast,
                p=p,
                looked_at=fitted.looked_at,
            )
        )
    return tuple(found)


def _parted(found: Sequence[Found], older: Part) -> tuple[tuple[int, ...], tuple[Redundant, ...]]:
    """The places of those kept, and those that tell nothing beside one kept before. `found`
    comes with the strongest first."""
    kept: list[int] = []
    redundant = []
    for place, one in enumerate(found):
        if not one.holds_up:
            continue
        beside = next((x for x in kept if _is_redundant(older, place, x)), None)
        if beside is None:
            kept.append(place)
            continue
        correlation = older.correlation(place, beside)
        redundant.append(Redundant(found=one, beside=found[beside].id, correlation=correlation))
    return tuple(kept), tuple(redundant)


def _is_redundant(older: Part, one: int, beside: int) -> bool:
    if older.correlation(one, beside) >= ALIKE:
        return True
    by_itself = strength(older.contrast(one))
    return older.adds(one, beside) < min(ADDS_NOTHING, by_itself / 2)


def _places(
    found: Sequence[Found], kept: Sequence[int], *, handed_over: bool
) -> Mapping[RuleId, int]:
    """The rules that marketing answers for, or those of the conversation with sales."""
    return {found[x].id: x for x in kept if (found[x].kind in _HANDED_OVER) == handed_over}

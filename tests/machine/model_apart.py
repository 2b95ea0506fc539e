"""When two records of one person may tell a field differently, by the truth table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kin import Place
from model import UNREADABLE, Change, Chronicle
from model_map import HS, SF, Fact, Flow, Mapped, fits

from syncd.sandbox.journal import (
    System,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two records said to be one person's, and what they tell of one field now: Salesforce
    first, where it may be `read_only`. Changes after the point `since` of the journal count;
    where the rule `may_ask`, nobody need win; `disputed`: a person is being asked."""

    places: Mapping[System, Place]
    facts: tuple[Fact, Fact]
    since: int
    read_only: bool = False
    may_ask: bool = True
    disputed: bool = False


def why_apart(
    chronicle: Chronicle, field: Mapped, pair: Pair, looks: Sequence[int], flows: frozenset[Flow]
) -> str | None:
    """What excuses two records that tell a field differently; None when nothing does."""
    if UNREADABLE in pair.facts:
        return "unreadable"
    changes = {
        side: chronicle.by_others(place, field.name, after=pair.since)
        for side, place in pair.places.items()
    }
    if not any(changes.values()):
        return "first sight"
    if pair.read_only and changes[HS]:
        return "read only"
    if any(not fits(field, fact, other) for fact, other in zip(pair.facts, (HS, SF), strict=True)):
        return "misfit"
    latest = max((c for found in changes.values() for c in found), key=lambda c: c.seq)
    if not field.clears and (latest.fact is None or _converted_blank(chronicle, field, pair)):
        return "blank"
    if flows != {Flow.BOTH} and _flowed_nowhere(changes, flows):
        return "direction"
    if all(changes.values()) or _met_before_a_merge(chronicle, field, pair):
        stood = _stood(chronicle, field, pair, looks, latest)
        return stood or ("asked" if pair.may_ask else None)
    return _stood(chronicle, field, pair, looks, latest)


def _met_before_a_merge(chronicle: Chronicle, field: Mapped, pair: Pair) -> bool:
    """Whether a person is asked about edits made in both CRMs, some of them before records were
    merged: a merge settles nothing, and what was entered just before it is news after it."""
    edited = {
        place[0]
        for place in chronicle.records_of(pair.places[SF])
        if chronicle.by_others(place, field.name, after=0)
    }
    return pair.disputed and edited == {SF, HS}


def _converted_blank(chronicle: Chronicle, field: Mapped, pair: Pair) -> bool:
    """Whether the contact a lead was converted to never had what the lead had."""
    place = pair.places[SF]
    changes = chronicle.changes(place, field.name)
    is_contact = place[1] in chronicle.kin.came_from
    return is_contact and pair.facts[0] is None and bool(changes) and changes[-1].born


def _stood(
    chronicle: Chronicle, field: Mapped, pair: Pair, looks: Sequence[int], latest: Change
) -> str | None:
    """The same two values stood at an earlier look: changed and changed back is no news."""
    for look in looks:
        if look >= latest.seq:
            break
        if look > pair.since and pair.facts == tuple(
            chronicle.fact_at(pair.places[side], field.name, look) for side in (SF, HS)
        ):
            return "stood before"
    return None


def _flowed_nowhere(changes: Mapping[System, Sequence[Change]], flows: frozenset[Flow]) -> bool:
    """Whether something was changed on a side whose values did not always reach the other."""
    return any(
        found and not all(flow.reaches(HS if side is SF else SF) for flow in flows)
        for side, found in changes.items()
    )

"""Whether the fields of both CRMs fit together, and are filled. Pure."""

from collections.abc import Iterable, Sequence

from syncd.core.value_words import counted, field_words, listed
from syncd.domain.mapping import CrmMap
from syncd.domain.names import OWNER, FieldName, System
from syncd.domain.record import PropertySchema
from syncd.domain.values import FieldSpec
from syncd.measure.assess.finding import Answer, CannotSee, Check, Gap, Group, Sound
from syncd.measure.assess.leads import has, pairs, plain, sqls, unshown
from syncd.measure.assess.sight import LeadSight, Sight
from syncd.measure.assess.weigh import (
    FEW,
    Asked,
    commonest,
    share,
    share_with_cost,
    with_examples,
)
from syncd.measure.shares import Rate

_EMAIL = FieldName("email")
_BANT = {
    "budget": ("budget", "what they can spend", ("budget",)),
    "authority": ("authority", "who decides", ("role", "authority", "decision", "decider")),
    "need": ("need", "what they need", ("need", "pain", "challenge", "use_case")),
    "timing": (
        "timing",
        "when they want to buy",
        ("timeline", "timeframe", "timing", "purchase", "close_date", "start_date"),
    ),
}


def own_fields(crm: CrmMap) -> list[FieldSpec]:
    """Without those that syncd itself writes."""
    marks = set(crm.marks.values())
    return [x for x in crm.fields.values() if x.name not in marks]


def share_with(leads: list[LeadSight], field: FieldName) -> float:
    return sum(has(x, field) for x in leads) / len(leads)


def filled(sight: Sight, of: list[LeadSight], whom: str, specs: Sequence[FieldSpec]) -> Answer:
    """Whether they have a value in one of these fields. What stands in a field of a CRM that
    does not show it to us, nobody can tell."""
    names = listed([field_words(x.name) for x in specs], "or")
    answer = share_with_cost(
        sight,
        Asked(
            of=of,
            whom=whom,
            wrong=lambda x: not any(has(x, spec.name) for spec in specs),
            show=f"have no {names}",
        ),
    )
    hidden = sorted({s.label for x in specs for s in unshown(x, sight)})
    if hidden and isinstance(answer, Gap):
        return CannotSee(f"{answer.says}, but {listed(hidden, 'and')} does not show it to us")
    return answer


def bant(key: str) -> "Check":
    name, what, words = _BANT[key]
    return Check(
        id=f"capture-{name}",
        group=Group.CAPTURE,
        title=f"SQLs tell {what}",
        looks="A field that both CRMs show us, named by "
        f"{listed([f'“{x}”' for x in words], 'or')}, and whether SQLs have it filled; "
        "a box that is not ticked is no answer.",
        why="What sales found out by asking, and nobody wrote down, is asked again, or guessed.",
        fix=f"Make one {name} field in both CRMs, and ask for it at the gate to SQL.",
        weight=2,
        ask=lambda sight: _bant(sight, what, words),
    )


def _bant(sight: Sight, what: str, words: tuple[str, ...]) -> Answer:
    named = [x for x in own_fields(sight.crm) if any(word in x.name for word in words)]
    both = [x for x in named if len(x.properties) == len(System) and not unshown(x, sight)]
    if not both:
        return Gap(says=f"no field that both CRMs show us tells {what}")
    return filled(sight, sqls(sight), "SQLs", both)


def _agree(sight: Sight) -> Answer:
    """Of fields both have: the source is named by each CRM in its own words."""
    apart = {OWNER, _EMAIL, sight.crm.source, sight.reasons}
    fields = {
        x.name
        for x in own_fields(sight.crm)
        if len(x.properties) == len(System) and x.name not in apart
    }
    if not fields:
        return CannotSee("no field is mapped in both CRMs")
    apart_there = [fields & x.differing for x in pairs(sight)]
    answer = share(
        Rate(sum(map(bool, apart_there)), len(apart_there)),
        "leads that are in both CRMs",
        "show different values in the two",
    )
    return with_examples(answer, commonest(name for names in apart_there for name in names))


def _picklists(sight: Sight) -> Answer:
    wrong, looked = [], 0
    for spec in own_fields(sight.crm):
        if len(spec.properties) < len(System) or spec.name in {sight.crm.source, OWNER}:
            continue
        offered = {s: _canonical(spec, s, sight) for s in System}
        if not all(offered.values()):
            continue
        looked += 1
        if odd := offered[System.SALESFORCE] ^ offered[System.HUBSPOT]:
            wrong.append(f"{spec.name}: {listed(sorted(odd), 'and')}")
    if not looked:
        return CannotSee("no mapped field is a picklist in both CRMs")
    if wrong:
        return Gap(
            says=f"{len(wrong):,} of {counted(looked, 'picklist')} offer a value in one CRM alone",
            examples=tuple(wrong[:3]),
            rate=Rate(len(wrong), looked),
        )
    return Sound(f"all {counted(looked, 'picklist')} that both have offer the same")


def _canonical(spec: FieldSpec, system: System, sight: Sight) -> frozenset[str]:
    there = sight.places[system].schema.get(spec.properties[system])
    names = {v: k for k, v in spec.options.get(system, {}).items()}
    return frozenset(plain(names.get(x, x)) for x in _offered(there))


def _offered(there: PropertySchema | None) -> Iterable[str]:
    """A check box has no list of its own."""
    offered = there.offered if there else ()
    return () if {x.lower() for x in offered} <= {"true", "false"} else offered


def _one_sided(sight: Sight) -> Answer:
    specs = own_fields(sight.crm)
    alone = [x for x in specs if len(x.properties) == 1]
    gone = [x for x in specs if len(x.properties) > 1 and unshown(x, sight)]
    if odd := [*alone, *gone]:
        return Gap(
            says=f"{len(odd):,} of {counted(len(specs), 'field')} looked at are shown to us by one "
            "CRM alone",
            examples=tuple(sorted(x.name for x in odd)[:5]),
            rate=Rate(len(odd), len(specs)),
        )
    return Sound(f"all {counted(len(specs), 'field')} looked at are in both CRMs")


def _dead_fields(sight: Sight) -> Answer:
    """What is there and nobody ever filled in, on any lead that got as far as sales."""
    sold = sqls(sight)
    if len(sold) < FEW:
        return CannotSee(f"there are {counted(len(sold), 'SQL')}: too few to say")
    fields = [
        x.name
        for x in own_fields(sight.crm)
        if x.name != sight.reasons and len(unshown(x, sight)) < len(x.properties)
    ]
    dead = [x for x in fields if not share_with(sold, x)]
    if dead:
        return Gap(
            says=f"{len(dead):,} of {counted(len(fields), 'field')} are empty on every SQL",
            examples=tuple(sorted(dead)[:5]),
            rate=Rate(len(dead), len(fields)),
        )
    return Sound(f"each of {counted(len(fields), 'field')} is filled on some SQL")


CHECKS = (
    *(bant(key) for key in _BANT),
    Check(
        id="capture-values-agree",
        group=Group.CAPTURE,
        title="Both CRMs show the same values",
        looks="Every field mapped in both, but owner, address and source; upper case and "
        "punctuation do not count, nor does an empty one.",
        why="A rule judged on one side and a call made from the other are about two people.",
        fix="Let one side win, field by field: direction and conflict in crm.yaml.",
        weight=2,
        ask=_agree,
    ),
    Check(
        id="capture-picklists-match",
        group=Group.CAPTURE,
        title="Picklists offer the same in both CRMs",
        looks="The values offered for every field that is a picklist in both, but the source.",
        why="A value the other CRM does not know is refused there, and the two drift apart.",
        fix="Add the value, or map it under options in crm.yaml.",
        weight=1,
        ask=_picklists,
    ),
    Check(
        id="capture-both-sides",
        group=Group.CAPTURE,
        title="Fields are in both CRMs",
        looks="The field map: fields with one CRM only, or that one of the two does not show us.",
        why="The team that works in the other CRM cannot see it, and asks again.",
        fix="`syncd provision` makes the missing ones.",
        weight=1,
        ask=_one_sided,
    ),
    Check(
        id="capture-fields-used",
        group=Group.CAPTURE,
        title="Fields are filled in",
        looks="Fields that are empty on every lead that was ever an SQL.",
        why="People who see empty fields every day stop seeing the others.",
        fix="Take the field off the layout, or ask for it in the standard.",
        weight=1,
        ask=_dead_fields,
    ),
)

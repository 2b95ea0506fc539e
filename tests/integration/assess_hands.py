"""Hands that change what was seen of a sound pair of CRMs, one thing at a time."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from syncd.core.doctor.facts import Unseen
from syncd.domain.deal import Deal
from syncd.domain.mapping import CrmMap, Mark
from syncd.domain.names import FieldName, RuleId, System
from syncd.domain.policy import Mode
from syncd.domain.stage import SOMEBODY, Actor, ActorKind, Stage, StageStep
from syncd.domain.values import FieldSpec, FieldType
from syncd.measure.assess.leads import (
    all_deals,
    in_hand,
    is_won,
    mqls,
    sqls,
    stage_now,
    turned_down,
)
from syncd.measure.assess.sight import Judged, LeadSight, Sight, Touch

SF, HS = System.SALESFORCE, System.HUBSPOT


Change = Callable[[Sight], Sight]


Leads = Callable[[Sight], list[LeadSight]]


def place(system: System, **changes: Any) -> Change:
    return lambda s: replace(s, places={**s.places, system: replace(s.places[system], **changes)})


def standard(**changes: Any) -> Change:
    return lambda s: replace(s, standard=replace(_the(s.standard), **changes))


def policy(**changes: Any) -> Change:
    return lambda s: replace(s, policy=replace(_the(s.policy), **changes))


def _the(thing: Any) -> Any:
    assert thing is not None
    return thing


def leads(which: Leads, change: Callable[[LeadSight], LeadSight], most: int = 99) -> Change:
    def changed(sight: Sight) -> Sight:
        chosen = {id(x) for x in which(sight)[:most]}
        found = tuple(change(x) if id(x) in chosen else x for x in sight.leads)
        return replace(sight, leads=found)

    return changed


def sides(change: Callable[[Any], Any]) -> Callable[[LeadSight], LeadSight]:
    return lambda x: replace(x, sides={s: change(side) for s, side in x.sides.items()})


def without(*names: str) -> Callable[[LeadSight], LeadSight]:
    return sides(lambda side: replace(side, filled=side.filled - set(names)))


def owned_by(owner: str) -> Callable[[LeadSight], LeadSight]:
    return sides(lambda side: replace(side, owner=owner))


def because(reason: str) -> Callable[[LeadSight], LeadSight]:
    return sides(lambda side: replace(side, reason=reason))


def everybody(sight: Sight) -> list[LeadSight]:
    return list(sight.leads)


def at(*stages: Stage) -> Leads:
    return lambda s: [x for x in in_hand(s) if stage_now(x) in stages]


def won(sight: Sight) -> list[LeadSight]:
    return [x for x in sight.leads if is_won(x)]


def not_won(sight: Sight) -> list[LeadSight]:
    return [x for x in sqls(sight) if not is_won(x)]


def no_stage(system: System, stage: Stage) -> Change:
    def changed(sight: Sight) -> Sight:
        side = sight.crm.sides[system]
        kept = tuple(x for x in side.stages if x.stage is not stage)
        return mapped_sides(sight, {system: replace(side, stages=kept)})

    return changed


def mapped_sides(sight: Sight, changed: dict[System, Any]) -> Sight:
    return replace(sight, crm=replace(sight.crm, sides={**sight.crm.sides, **changed}))


def offered(system: System, name: str, values: tuple[str, ...]) -> Change:
    def changed(sight: Sight) -> Sight:
        schema = sight.places[system].schema
        return place(system, schema={**schema, name: replace(schema[name], offered=values)})(sight)

    return changed


def plus_offered(system: System, name: str, value: str) -> Change:
    return lambda s: offered(system, name, (*s.places[system].schema[name].offered, value))(s)


def reversed_lifecycle(sight: Sight) -> Sight:
    values = sight.places[HS].schema["lifecyclestage"].offered
    return offered(HS, "lifecyclestage", tuple(reversed(values)))(sight)


def step(sight: Sight, stage: Stage, ago: timedelta = timedelta(days=20)) -> StageStep:
    return StageStep(at=sight.now - ago, stage=stage, actor=SOMEBODY)


def old_steps(sight: Sight) -> Sight:
    """Those in hand have stood there for weeks."""
    long_ago = timedelta(days=60)

    def older(lead: LeadSight) -> LeadSight:
        return sides(
            lambda side: replace(
                side, steps=tuple(replace(x, at=x.at - long_ago) for x in side.steps)
            )
        )(lead)

    aged = leads(at(Stage.SQL), older)(sight)
    # they were called all the while
    return leads(
        at(Stage.SQL),
        lambda x: replace(x, touches=(*_earlier(x, long_ago), _touch(sight, days=1))),
    )(aged)


def _earlier(lead: LeadSight, span: timedelta) -> list[Touch]:
    return [replace(x, at=x.at - span) for x in lead.touches]


def _touch(sight: Sight, *, days: int, reached: bool = True) -> Touch:
    return Touch(at=sight.now - timedelta(days=days), reached=reached, by_hand=True)


def never_accepted(sight: Sight) -> Sight:
    """Nobody stands, or ever stood, at sal."""

    def skipped(side: Any) -> Any:
        kept = tuple(x for x in side.steps if x.stage is not Stage.SAL)
        stage = Stage.MQL if side.stage is Stage.SAL else side.stage
        return replace(side, steps=kept, stage=stage)

    return leads(everybody, sides(skipped))(sight)


def back_and_forth(sight: Sight) -> Sight:
    def back(side: Any) -> Any:
        last = side.steps[-1]
        fell = replace(last, stage=Stage.MQL, at=last.at + timedelta(seconds=1))
        rose = replace(last, at=last.at + timedelta(seconds=2))
        return replace(side, steps=(*side.steps, fell, rose))

    return leads(at(Stage.SAL, Stage.SQL), sides(back))(sight)


def from_nowhere(sight: Sight) -> Sight:
    """SQLs that were leads before, and nothing in between."""

    def jumped(side: Any) -> Any:
        kept = [x for x in side.steps if x.stage not in (Stage.MQL, Stage.SAL)]
        return replace(side, steps=tuple(kept))

    return leads(at(Stage.SQL), sides(jumped))(sight)


def no_moves_told(sight: Sight) -> Sight:
    return leads(at(Stage.SQL), sides(lambda side: replace(side, steps=())))(sight)


def tried_in_vain(sight: Sight) -> Sight:
    ripe = [x for x in mqls(sight) if x.touches and sight.now - x.touches[0].at > timedelta(days=7)]

    def in_vain(lead: LeadSight) -> LeadSight:
        first = replace(lead.touches[0], reached=False)
        again = replace(first, at=first.at + timedelta(hours=1))
        return replace(lead, touches=(first, again))

    chosen = {id(x) for x in ripe}
    return leads(lambda s: [x for x in s.leads if id(x) in chosen], in_vain)(sight)


def gone_quiet(sight: Sight) -> Sight:
    """Called long ago: on the day they came, which was as long ago."""
    ago = timedelta(days=40)

    def quiet(lead: LeadSight) -> LeadSight:
        moved = sides(
            lambda side: replace(
                side,
                steps=(
                    *(replace(x, at=x.at - ago) for x in side.steps),
                    step(sight, lead_stage(lead), timedelta(days=1)),
                ),
            )
        )(lead)
        return replace(moved, touches=tuple(replace(x, at=x.at - ago) for x in lead.touches))

    return leads(at(Stage.SAL), quiet)(sight)


def lead_stage(lead: LeadSight) -> Stage:
    return stage_now(lead)


def deals(*found: Deal, system: System = HS) -> Callable[[LeadSight], LeadSight]:
    return lambda x: replace(x, deals={**x.deals, system: found})


def deal(**changes: Any) -> Deal:
    given: dict[str, Any] = {
        "id": "1",
        "is_closed": True,
        "is_won": False,
        "amount": 5.0,
        "closes_at": datetime(2026, 3, 3, tzinfo=UTC),
    }
    return Deal(**{**given, **changes})


def undated_wins(lead: LeadSight) -> LeadSight:
    undated = {
        s: tuple(replace(x, closes_at=None, id=f"{id(lead)}{x.id}") for x in found)
        for s, found in lead.deals.items()
    }
    return replace(lead, deals=undated)


def unknown_stage(lead: LeadSight) -> LeadSight:
    hubspot = replace(lead.sides[HS], stage=None, spelled='lifecyclestage "9"')
    return replace(lead, sides={**lead.sides, HS: hubspot})


def stranger(sight: Sight) -> Sight:
    """Somebody of Salesforce's whom HubSpot's list of owners has no more."""
    directory = sight.places[HS].directory
    kept = {k: v for k, v in directory.by_owner.items() if k != "ann@example.com"}
    owned = place(HS, directory=replace(directory, by_owner=kept))(sight)
    return leads(everybody, without_owner)(owned)


def without_owner(lead: LeadSight) -> LeadSight:
    """In HubSpot."""
    return replace(lead, sides={**lead.sides, HS: replace(lead.sides[HS], owner=None)})


def one_has_most(sight: Sight) -> Sight:
    more = [x for x in in_hand(sight) if stage_now(x) in (Stage.SAL, Stage.SQL)]
    ann = owned_by("ann@example.com")
    return leads(lambda _: more, ann, 12)(sight)


def mapped(name: str, spec: FieldSpec) -> Change:
    def changed(sight: Sight) -> Sight:
        crm: CrmMap = sight.crm
        return replace(sight, crm=replace(crm, fields={**crm.fields, FieldName(name): spec}))

    return changed


def unmapped(*names: str) -> Change:
    def changed(sight: Sight) -> Sight:
        kept = {k: v for k, v in sight.crm.fields.items() if k not in names}
        return replace(sight, crm=replace(sight.crm, fields=kept))

    return changed


NOWHERE = FieldSpec(
    name=FieldName("shoe_size"),
    type=FieldType.INTEGER,
    properties={SF: "Website", HS: "website"},
    options={},
)


def without_rung(sight: Sight) -> Sight:
    segments = tuple(
        replace(
            x,
            ladder=replace(x.ladder, escalate_after=None, reassign_after=None, recycle_after=None),
        )
        for x in _the(sight.policy).segments
    )
    return policy(segments=segments)(sight)


def a_click_will_do(sight: Sight) -> Sight:
    segments = tuple(replace(x, touch_within=None) for x in _the(sight.policy).segments)
    return policy(segments=segments)(sight)


def all_observed(sight: Sight) -> Sight:
    return policy(modes=dict.fromkeys(_the(sight.policy).modes, Mode.OBSERVE))(sight)


def same_gates(sight: Sight) -> Sight:
    gates = _the(sight.standard).gates
    both = {**gates, Stage.SQL: replace(gates[Stage.MQL], stage=Stage.SQL)}
    return standard(gates=both)(sight)


def only_fit(sight: Sight) -> Sight:
    """One rule of fit, and no points."""
    found = _the(sight.standard)
    fit = next(name for name, rule in found.rules.items() if rule.kind == "fit")
    mql = replace(found.gates[Stage.MQL], all=(RuleId(fit),), any=None, score=None)
    return standard(gates={**found.gates, Stage.MQL: mql})(sight)


def judged(stage: Stage) -> Change:
    return lambda s: replace(s, judged={**s.judged, stage: Judged(100, 40)})


def integration_has_leads(sight: Sight) -> Sight:
    login = sight.places[SF].login
    assert not isinstance(login, Unseen)
    return place(SF, login=replace(login, has_leads=True))(sight)


def hubspot_only(lead: LeadSight) -> LeadSight:
    return replace(lead, sides={HS: lead.sides[HS]})


def salesforce_only(lead: LeadSight) -> LeadSight:
    return replace(lead, sides={SF: lead.sides[SF]})


def in_hubspot(**changes: Any) -> Callable[[LeadSight], LeadSight]:
    return lambda x: replace(x, sides={**x.sides, HS: replace(x.sides[HS], **changes)})


def touched(change: Callable[[Touch], Touch], *, most: int = 9) -> Callable[[LeadSight], LeadSight]:
    return lambda x: replace(x, touches=tuple(change(t) for t in x.touches[:most]))


def ann_left(sight: Sight) -> Sight:
    directory = sight.places[SF].directory
    ann = replace(directory.by_owner["ann@example.com"], active=False)
    kept = {**directory.by_owner, "ann@example.com": ann}
    return place(SF, directory=replace(directory, by_owner=kept))(sight)


def in_a_queue(sight: Sight) -> Sight:
    """In Salesforce, where there are such; and nobody has them in HubSpot."""
    directory, queue = sight.places[SF].directory, "queue:Inbound"
    ann = directory.by_owner["ann@example.com"]
    known = {**directory.by_owner, queue: replace(ann, owner=queue)}
    there = place(SF, directory=replace(directory, by_owner=known))(sight)
    return leads(at(Stage.SAL), lambda x: without_owner(owned_by(queue)(x)))(there)


def by_machine(side: Any) -> Any:
    robot = Actor(kind=ActorKind.AUTOMATION, id="1", label="Scoring")
    steps = (replace(x, actor=robot) if x.stage is Stage.SQL else x for x in side.steps)
    return replace(side, steps=tuple(steps))


def without_step(stage: Stage) -> Callable[[LeadSight], LeadSight]:
    return sides(lambda s: replace(s, steps=tuple(x for x in s.steps if x.stage is not stage)))


def at_once(sight: Sight, most: int = 99) -> Sight:
    """All of them in one minute."""
    then = sight.now - timedelta(hours=1)
    moved = sides(lambda s: replace(s, steps=tuple(replace(x, at=then) for x in s.steps)))
    return leads(at(Stage.SAL), moved, most)(sight)


def ignored(sight: Sight) -> Sight:
    """Once MQLs, and nothing since, but a call."""

    def still(side: Any) -> Any:
        kept = (x for x in side.steps if x.stage and x.stage.rank <= Stage.MQL.rank)
        return replace(side, stage=Stage.MQL, steps=tuple(kept), reason=None)

    return leads(turned_down, sides(still), 8)(sight)


def sold(sight: Sight) -> list[LeadSight]:
    """To no end yet, or lost."""
    return [x for x in sight.leads if any(s.converted for s in x.sides.values()) and not is_won(x)]


def each_deal(**changes: Any) -> Callable[[LeadSight], LeadSight]:
    return lambda x: replace(
        x, deals={s: tuple(replace(d, **changes) for d in found) for s, found in x.deals.items()}
    )


def late_deals(sight: Sight) -> Sight:
    undecided = [x for x in sold(sight) if all(not d.is_closed for d in all_deals(x))]
    return leads(lambda _: undecided, each_deal(closes_at=sight.now - timedelta(days=3)))(sight)


def in_one_alone(sight: Sight) -> Sight:
    spec = replace(NOWHERE, properties={SF: "Website"})
    full = leads(everybody, sides(lambda s: replace(s, filled=s.filled | {spec.name})))
    return full(mapped("shoe_size", spec)(sight))


def elsewhere(sight: Sight) -> Sight:
    login = sight.places[SF].login
    assert not isinstance(login, Unseen)
    return place(SF, login=replace(login, time_zone="Asia/Tokyo"))(sight)


def also_after(change: Change, *more: Change) -> Change:
    def changed(sight: Sight) -> Sight:
        for one in (change, *more):
            sight = one(sight)
        return sight

    return changed


def sql_afterwards(side: Any) -> Any:
    """It was called an SQL once it was an opportunity."""
    late = (
        replace(x, at=x.at + timedelta(days=1)) if x.stage is Stage.SQL else x for x in side.steps
    )
    return replace(side, steps=tuple(sorted(late, key=lambda x: x.at)))


def taken_back(side: Any) -> Any:
    """By syncd, which lets nobody jump a gate."""
    last, ours = side.steps[-1], Actor(kind=ActorKind.SYNCD)
    fell = replace(last, stage=Stage.MQL, at=last.at + timedelta(seconds=1), actor=ours)
    rose = replace(last, at=last.at + timedelta(seconds=2))
    return replace(side, steps=(*side.steps, fell, rose))


def come_again(sight: Sight) -> Sight:
    """Turned down once, and MQLs again since yesterday."""
    again = step(sight, Stage.MQL, timedelta(days=1))
    back = sides(lambda s: replace(s, stage=Stage.MQL, steps=(*s.steps, again)))
    return leads(turned_down, back, 8)(sight)


def earlier(lead: LeadSight) -> LeadSight:
    return replace(lead, touches=tuple(_earlier(lead, timedelta(days=60))))


def late_for_whom_it_was_promised(lead: LeadSight) -> LeadSight:
    """Three hours are too long for a demo request, and for nobody else."""
    later = touched(lambda t: replace(t, at=t.at + timedelta(hours=3)))
    return replace(later(lead), segment="demo-request")


def no_reason_for_losses(sight: Sight) -> Sight:
    return mapped_sides(sight, {HS: replace(sight.crm.sides[HS], lost_reason=None)})


def syncds_own_words(sight: Sight) -> Sight:
    """The only field for reasons is the one that syncd itself writes."""
    return replace(sight, reasons=sight.crm.marks[Mark.RECYCLE_REASON])

"""Each check of an assessment, with the one thing it looks for planted into what was seen of a
sound pair: it is named, and nothing else is."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from assess_town import PROMISES, build, gaps
from cli_office import office

from syncd.core.doctor.facts import Unseen
from syncd.core.rejection import REJECTION_REASON
from syncd.domain.deal import Deal
from syncd.domain.mapping import CrmMap
from syncd.domain.names import FieldName, RuleId, System
from syncd.domain.policy import Mode
from syncd.domain.stage import SOMEBODY, Actor, ActorKind, Stage, StageStep
from syncd.domain.values import FieldSpec, FieldType
from syncd.measure.assess.examine import CHECKS, assess
from syncd.measure.assess.finding import CannotSee
from syncd.measure.assess.leads import (
    all_deals,
    in_hand,
    is_won,
    mqls,
    sqls,
    stage_now,
    turned_down,
)
from syncd.measure.assess.sight import Judged, LeadSight, Reading, Sight, Touch

SF, HS = System.SALESFORCE, System.HUBSPOT
Change = Callable[[Sight], Sight]
Leads = Callable[[Sight], list[LeadSight]]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sight]:
    with office(tmp_path_factory.mktemp("town"), changes=PROMISES) as made:
        town = build(made)
        town.past()
        town.today()
        yield town.seen()


# --- hands that change what was seen -------------------------------------------------------------


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
        return _mapped(sight, {system: replace(side, stages=kept)})

    return changed


def _mapped(sight: Sight, changed: dict[System, Any]) -> Sight:
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


def by_machine(side: Any) -> Any:
    robot = Actor(kind=ActorKind.AUTOMATION, id="1", label="Scoring")
    steps = (replace(x, actor=robot) if x.stage is Stage.SQL else x for x in side.steps)
    return replace(side, steps=tuple(steps))


def without_step(stage: Stage) -> Callable[[LeadSight], LeadSight]:
    return sides(lambda s: replace(s, steps=tuple(x for x in s.steps if x.stage is not stage)))


def at_once(sight: Sight) -> Sight:
    """All of them in one minute."""
    then = sight.now - timedelta(hours=1)
    return leads(
        at(Stage.SAL),
        sides(lambda s: replace(s, steps=tuple(replace(x, at=then) for x in s.steps))),
    )(sight)


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


PLANTED: dict[str, Change] = {
    "definition-written": lambda s: replace(s, standard=None, lacking="there is none"),
    "stages-sal-in-both": no_stage(HS, Stage.SAL),
    "stages-agree": leads(at(Stage.SQL), in_hubspot(stage=Stage.SAL)),
    "stages-through-sql": leads(won, without_step(Stage.SQL), 5),
    "capture-duplicates": place(SF, shared=20),
    "capture-source": leads(turned_down, without("source")),
    "capture-budget": leads(won, without("budget_confirmed", "budget_amount"), 5),
    "capture-values-agree": leads(
        turned_down, lambda x: replace(x, differing=frozenset({FieldName("phone")}))
    ),
    "capture-both-sides": in_one_alone,
    "handoff-reaches-sales": leads(at(Stage.SAL), hubspot_only),
    "handoff-reaches-marketing": leads(at(Stage.SAL), salesforce_only),
    "handoff-owned": leads(at(Stage.SAL), sides(lambda s: replace(s, owner=None)), 5),
    "handoff-owner-active": ann_left,
    "handoff-owners-agree": leads(at(Stage.SAL), in_hubspot(owner="mark@example.com")),
    "handoff-answered": ignored,
    "handoff-by-people": leads(at(Stage.SQL), sides(by_machine)),
    "sla-touched": leads(turned_down, lambda x: replace(x, touches=())),
    "sla-by-people": leads(turned_down, touched(lambda t: replace(t, by_hand=False))),
    "sla-tried-again": leads(turned_down, touched(lambda t: replace(t, reached=False), most=1)),
    "sla-kept": leads(won, touched(lambda t: replace(t, at=t.at + timedelta(days=5)))),
    "feedback-reason-given": leads(turned_down, sides(lambda s: replace(s, reason=None)), 2),
    "feedback-reasons-match": leads(turned_down, in_hubspot(reason=None), 6),
    "feedback-rejections-arrive": leads(turned_down, in_hubspot(stage=Stage.SAL), 6),
    "feedback-wins-arrive": leads(won, in_hubspot(stage=Stage.OPPORTUNITY), 6),
    "reporting-stage-history": place(SF, tracked=frozenset({"OwnerId"})),
    "reporting-owner-history": place(SF, tracked=frozenset({"Status"})),
    "reporting-one-by-one": at_once,
    "reporting-same-count": leads(turned_down, in_hubspot(steps=())),
    "reporting-time-zones": elsewhere,
    "reporting-amounts": leads(won, each_deal(amount=None), 5),
    "reporting-conversions": leads(sold, lambda x: replace(x, deals={})),
    "reporting-closing-dates": late_deals,
    "definition-signed": standard(signatures=()),
    "definition-in-review": standard(review_by=date(2026, 1, 1)),
    "definition-fields-exist": unmapped("employees"),
    "definition-fit-and-interest": only_fit,
    "definition-beyond-mql": same_gates,
    "definition-held-to": all_observed,
    "definition-mqls-meet-it": judged(Stage.MQL),
    "definition-sqls-meet-it": judged(Stage.SQL),
    "definition-reasons-named": standard(rejections={}),
    "stages-mql-in-both": no_stage(HS, Stage.MQL),
    "stages-sql-in-both": no_stage(SF, Stage.SQL),
    "stages-nurture-in-both": no_stage(HS, Stage.NURTURE),
    "stages-disqualified-in-both": no_stage(HS, Stage.DISQUALIFIED),
    "stages-customer-in-both": no_stage(HS, Stage.CUSTOMER),
    "stages-values-told": plus_offered(SF, "Status", "Parked"),
    "stages-records-told": leads(everybody, unknown_stage, 10),
    "stages-in-order": reversed_lifecycle,
    "stages-through-mql": from_nowhere,
    "stages-no-standstill": old_steps,
    "stages-in-use": never_accepted,
    "stages-forward": back_and_forth,
    "capture-address": leads(everybody, sides(lambda x: replace(x, addressed=False)), 5),
    "capture-company": leads(turned_down, without("company"), 5),
    "capture-phone": leads(won, without("phone"), 5),
    "capture-winners-fields": leads(not_won, without("country"), 5),
    "capture-authority": leads(won, without("buying_role"), 5),
    "capture-need": leads(won, without("need"), 5),
    "capture-timing": leads(won, without("purchase_timeline"), 5),
    "capture-picklists-match": plus_offered(SF, "Buying_Role__c", "Janitor"),
    "capture-fields-used": mapped("shoe_size", NOWHERE),
    "handoff-owner-told": leads(at(Stage.SAL), owned_by("user:005"), 8),
    "handoff-owners-known": stranger,
    "handoff-spread": one_has_most,
    "handoff-to-people": integration_has_leads,
    "sla-promised": policy(segments=()),
    "sla-first-touch-promised": a_click_will_do,
    "sla-escalates": without_rung,
    "sla-written-down": leads(everybody, lambda x: replace(x, touches=())),
    "sla-reached": tried_in_vain,
    "sla-not-quiet": gone_quiet,
    "feedback-reason-field": unmapped(REJECTION_REASON),
    "feedback-reason-list": offered(HS, "rejection_reason", ()),
    "feedback-reason-says": leads(turned_down, because("Other")),
    "feedback-reasons-agreed": leads(turned_down, because("Vibes"), 6),
    "feedback-lost-reason": leads(not_won, deals(deal())),
    "feedback-lost-reasons-say": leads(not_won, deals(deal(lost_reason="Other"))),
    "feedback-way-back": leads(turned_down, sides(lambda x: replace(x, stage=Stage.DISQUALIFIED))),
    "reporting-moves-known": no_moves_told,
    "reporting-wins-dated": leads(won, undated_wins, 5),
    "reporting-customers": leads(won, lambda x: replace(x, deals={}), 5),
    "reporting-deals-agree": leads(won, deals(deal(is_closed=False))),
}
ALSO = {
    "stages-sal-in-both": {"stages-values-told"},
    "handoff-reaches-sales": {"reporting-same-count"},
    "handoff-reaches-marketing": {"reporting-same-count"},
    "stages-customer-in-both": {"stages-values-told"},
    "stages-sql-in-both": {"stages-values-told"},
    "feedback-reason-says": {"feedback-reasons-agreed"},
    "reporting-customers": {"reporting-conversions"},
    "handoff-owner-told": {"handoff-owners-known"},
}
"""What else is then so, and named, too."""


@pytest.mark.parametrize("name", PLANTED)
def test_what_was_planted_is_named_and_nothing_else(name: str, sound: Sight) -> None:
    found = gaps(PLANTED[name](sound))

    assert name in found
    assert found <= {name} | ALSO.get(name, set())


def test_what_cannot_be_seen_is_neither_sound_nor_a_gap(sound: Sight) -> None:
    no = Unseen("no right")
    refused = dict.fromkeys(Reading, "refused")
    blind = place(SF, login=no, tracked=no, rules=no, refused=refused)(sound)

    found = {x.check.id: x.answer for x in assess(blind).results}

    for name in (
        "reporting-stage-history",
        "sla-touched",
        "reporting-amounts",
        "reporting-time-zones",
    ):
        assert isinstance(found[name], CannotSee)
    assert not assess(blind).gaps


def test_no_check_raises_where_there_is_nothing_to_see(sound: Sight) -> None:
    empty = replace(sound, leads=(), standard=None, policy=None, judged={})

    found = assess(empty)

    assert len(found.results) == len(CHECKS)
    assert {x.check.id for x in found.gaps} == {
        "definition-written",
        "definition-held-to",
        "sla-promised",
    }


def test_every_check_has_something_planted_for_it() -> None:
    assert {x.id for x in CHECKS} == PLANTED.keys()

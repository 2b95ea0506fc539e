"""Whether leads that marketing hands over arrive with somebody. Pure."""

from datetime import datetime, timedelta

from syncd.core.doctor.facts import Unseen
from syncd.domain.names import System
from syncd.domain.stage import ActorKind, Stage
from syncd.measure.assess.finding import Answer, CannotSee, Check, Gap, Group, Sound
from syncd.measure.assess.leads import entered, last_move, mqls, stage_now
from syncd.measure.assess.sight import LeadSight, Reading, Sight
from syncd.measure.assess.weigh import (
    Asked,
    commonest,
    share,
    share_with_cost,
    with_examples,
)
from syncd.measure.shares import Rate

_ANSWER_BY = timedelta(days=14)


def _reaches(sight: Sight, target: System) -> Answer:
    """Of those that can be told: without an address, or with several records there, nobody can
    say which is whose."""
    told = [x for x in mqls(sight) if not x.doubtful and _is_addressed(x)]
    return share_with_cost(
        sight,
        Asked(
            of=told,
            whom="MQLs with an address",
            wrong=lambda x: target not in x.sides,
            show=f"have no record in {target.label}",
        ),
    )


def _is_addressed(lead: LeadSight) -> bool:
    return any(x.addressed for x in lead.sides.values())


def _answered(sight: Sight) -> Answer:
    old = [x for x in mqls(sight) if (at := entered(x, Stage.MQL)) and _is_old(at, sight)]
    return share_with_cost(
        sight,
        Asked(
            of=old,
            whom=f"MQLs of more than {_ANSWER_BY.days} days ago",
            wrong=lambda x: stage_now(x) is Stage.MQL and _is_old(last_move(x), sight),
            show="have stood at MQL for as long: neither accepted nor turned down",
        ),
    )


def _is_old(at: datetime | None, sight: Sight) -> bool:
    return at is not None and sight.now - at > _ANSWER_BY


def _to_nobodys_user(sight: Sight) -> Answer:
    login = sight.places[System.SALESFORCE].login
    if isinstance(login, Unseen):
        return CannotSee(f"as whom we sign in to Salesforce: {login.why}")
    user = login.name or login.email or "the integration's user"
    if login.has_leads:
        return Gap(says=f"{user}, as whom programs sign in, was given leads to work")
    return Sound(f"{user}, as whom programs sign in, was given no leads")


def _by_people(sight: Sight) -> Answer:
    movers = [
        step.actor
        for lead in sight.leads
        for side in lead.sides.values()
        for step in side.steps
        if step.stage is Stage.SQL and step.actor.kind in (ActorKind.PERSON, ActorKind.AUTOMATION)
    ]
    machines = [x for x in movers if x.kind is ActorKind.AUTOMATION]
    rate = Rate(len(machines), len(movers))
    answer = share(rate, "moves to SQL by somebody known", "were made by an automation")
    return with_examples(answer, commonest(x.label or x.id for x in machines))


CHECKS = (
    Check(
        id="handoff-reaches-sales",
        group=Group.HANDOFF,
        title="MQLs arrive in Salesforce",
        looks="Leads that were ever an MQL and have no record in Salesforce with their address.",
        why="Sales cannot follow up on what it cannot see.",
        fix="create_in: {salesforce: mql} in crm.yaml, or the native connector's inclusion list.",
        weight=3,
        ask=lambda sight: _reaches(sight, System.SALESFORCE),
    ),
    Check(
        id="handoff-reaches-marketing",
        group=Group.HANDOFF,
        title="Leads that sales works on are known in HubSpot",
        looks="Leads that were ever an MQL and have no contact in HubSpot with their address.",
        why="Marketing cannot nurture them, nor learn what became of them.",
        fix="create_in: {hubspot: mql} in crm.yaml, or let HubSpot make contacts of new leads.",
        weight=2,
        ask=lambda sight: _reaches(sight, System.HUBSPOT),
    ),
    Check(
        id="handoff-answered",
        group=Group.HANDOFF,
        title="MQLs are accepted or turned down",
        looks=f"MQLs of more than {_ANSWER_BY.days} days ago that have stood at MQL for as long.",
        why="No answer is the answer marketing learns least from.",
        fix="Promise an answer in policy.yaml, and recycle what gets none.",
        weight=3,
        ask=_answered,
        needs=(Reading.HISTORIES,),
    ),
    Check(
        id="handoff-to-people",
        group=Group.HANDOFF,
        title="No lead is given to the integration's user",
        looks="Open leads in Salesforce that somebody else gave to the user we sign in as.",
        why="Nobody reads that user's lists, and its work cannot be told from people's.",
        fix="Give those leads to people, and the integration a user of its own.",
        weight=1,
        ask=_to_nobodys_user,
    ),
    Check(
        id="handoff-by-people",
        group=Group.HANDOFF,
        title="People say what an SQL is",
        looks="Moves to SQL in both histories of which it is told who made them.",
        why="A workflow that sets it measures a form, not a conversation.",
        fix="Take the move out of the automation; let it ask the owner instead.",
        weight=2,
        ask=_by_people,
        needs=(Reading.HISTORIES,),
    ),
)

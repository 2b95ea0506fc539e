"""Whether what sales learns comes back to marketing. Pure."""

from syncd.core.value_words import counted, listed
from syncd.domain.names import System
from syncd.domain.stage import Stage
from syncd.measure.assess.finding import Answer, CannotSee, Check, Gap, Group, Sound
from syncd.measure.assess.leads import OUT, pairs, plain, reason, stages, turned_down
from syncd.measure.assess.sight import LeadSight, Reading, Sight
from syncd.measure.assess.weigh import (
    FEW,
    Asked,
    commonest,
    says_something,
    share,
    share_of,
    with_examples,
)
from syncd.measure.shares import Rate

_NO_FIELD = CannotSee("no field in which a reason could stand was found")


def _reason_field(sight: Sight) -> Answer:
    """One name for it in crm.yaml, or fields found by their names."""
    there = _reason_places(sight)
    lacking = [system.label for system in System if system not in there]
    if lacking:
        where = listed(lacking, "and")
        return Gap(says=f"{where} shows us no field for why a lead was turned down")
    return Sound(f"both have one: {listed([f'{s.label} {n}' for s, n in there.items()], 'and')}")


def _reason_places(sight: Sight) -> dict[System, str]:
    spec = sight.crm.fields.get(sight.reasons) if sight.reasons else None
    where = spec.properties if spec else {}
    return {s: n for s, n in where.items() if n in sight.places[s].schema}


def _is_ours(sight: Sight) -> bool:
    """Whether the reason stands in a field that syncd alone writes."""
    return sight.reasons in sight.crm.marks.values()


def _reason_list(sight: Sight) -> Answer:
    there = _reason_places(sight)
    if not there:
        return _NO_FIELD
    if _is_ours(sight):
        return CannotSee("no field for it is mapped but the one in which syncd writes why")
    free = [s.label for s, n in there.items() if not sight.places[s].schema[n].offered]
    if free:
        return Gap(says=f"it is free text in {listed(free, 'and')}")
    return Sound("it is a list to choose from")


def _reason_given(sight: Sight) -> Answer:
    if not _reason_places(sight):
        return _NO_FIELD
    return share_of(
        Asked(
            of=turned_down(sight),
            whom="leads that were MQLs and are out now",
            wrong=lambda x: reason(x) is None,
            show="have no reason",
        ),
    )


def _given(sight: Sight) -> list[str]:
    return [told for x in turned_down(sight) if (told := reason(x))]


def _reason_says(sight: Sight) -> Answer:
    """Neither a catch-all, nor one reason for everything."""
    return says_something(_given(sight), "reasons given")


def _reasons_agreed(sight: Sight) -> Answer:
    if sight.standard is None or not sight.standard.rejections:
        return CannotSee("no standard names reasons")
    if _is_ours(sight):
        return CannotSee("no field for it is mapped but the one in which syncd writes why")
    given = _given(sight)
    named = {x.casefold() for r in sight.standard.rejections.values() for x in (r.id, r.says)}
    own = [x for x in given if x.casefold() not in named]
    answer = share(Rate(len(own), len(given)), "reasons given", "are none that the standard names")
    return with_examples(answer, commonest(own))


def _reasons_match(sight: Sight) -> Answer:
    if len(_reason_places(sight)) < len(System):
        return CannotSee("there is no field for reasons that both CRMs show us")
    return share_of(
        Asked(
            of=[x for x in turned_down(sight) if len(x.sides) == len(System) and reason(x)],
            whom="leads in both CRMs that were turned down with a reason",
            wrong=lambda x: len({plain(s.reason or "") for s in x.sides.values()}) > 1,
            show="tell another one in the other CRM, or none",
        ),
    )


def _rejections_arrive(sight: Sight) -> Answer:
    return share_of(
        Asked(
            of=[x for x in turned_down(sight) if len(x.sides) == len(System)],
            whom="leads in both CRMs that were MQLs and are out now in Salesforce",
            wrong=lambda x: x.sides[System.HUBSPOT].stage not in {None, *OUT},
            show="still stand in the funnel in HubSpot",
        ),
    )


def _wins_arrive(sight: Sight) -> Answer:
    return share_of(
        Asked(
            of=[x for x in pairs(sight) if _won_in_salesforce(x)],
            whom="leads won in Salesforce",
            wrong=lambda x: x.sides[System.HUBSPOT].stage not in (None, Stage.CUSTOMER),
            show="are no customers in HubSpot",
        ),
    )


def _won_in_salesforce(lead: LeadSight) -> bool:
    told = lead.sides[System.SALESFORCE].stage is Stage.CUSTOMER
    return told or any(x.is_won for x in lead.deals.get(System.SALESFORCE, ()))


def _way_back(sight: Sight) -> Answer:
    out = turned_down(sight)
    if len(out) < FEW:
        return CannotSee(f"{counted(len(out), 'lead')} out now that was an MQL: too few to say")
    kept = [x for x in out if Stage.NURTURE in stages(x)]
    says = f"{len(kept):,} of {len(out):,} leads that were MQLs and are out now stand at nurture"
    return Sound(says) if kept else Gap(says=says)


CHECKS = (
    Check(
        id="feedback-reason-field",
        group=Group.FEEDBACK,
        title="There is a field for why a lead was turned down",
        looks="rejection_reason in crm.yaml, else fields whose names say so, in both CRMs.",
        why="Marketing repeats what nobody told it was wrong.",
        fix="Make one picklist in both CRMs, and map it as rejection_reason in crm.yaml.",
        weight=3,
        ask=_reason_field,
    ),
    Check(
        id="feedback-reason-list",
        group=Group.FEEDBACK,
        title="Reasons are chosen from a list",
        looks="Whether that field offers values, in each CRM that has it.",
        why="What everybody words anew cannot be counted.",
        fix="Make it a picklist of the reasons the standard names.",
        weight=1,
        ask=_reason_list,
    ),
    Check(
        id="feedback-reason-given",
        group=Group.FEEDBACK,
        title="No lead is turned down without a reason",
        looks="Leads that were an MQL and stand at nurture or disqualified now: whether that field "
        "is filled in either CRM.",
        why="A no without a why teaches nothing, and the same lead comes again.",
        fix="Require the reason with the status (a validation rule, or a conditional property).",
        weight=3,
        ask=_reason_given,
        needs=(Reading.HISTORIES,),
    ),
    Check(
        id="feedback-reason-says",
        group=Group.FEEDBACK,
        title="Reasons say something",
        looks="The reasons given: whether most are “other”, or all are the same.",
        why="A reason that fits everything is none.",
        fix="Take “other” off the list, and split what is chosen most.",
        weight=2,
        ask=_reason_says,
        needs=(Reading.HISTORIES,),
    ),
    Check(
        id="feedback-reasons-agreed",
        group=Group.FEEDBACK,
        title="Reasons are those both teams agreed on",
        looks="The reasons given, against rejections in standard.yaml.",
        why="What happens to a lead hangs on its reason; of an unknown one nobody knows.",
        fix="Map the values under options of rejection_reason in crm.yaml, or add the reason.",
        weight=1,
        ask=_reasons_agreed,
        needs=(Reading.HISTORIES,),
    ),
    Check(
        id="feedback-reasons-match",
        group=Group.FEEDBACK,
        title="Marketing sees the reason that sales gave",
        looks="The reason in both CRMs, of leads that were an MQL and are out of the funnel now.",
        why="It was written where marketing does not look.",
        fix="Let rejection_reason flow to HubSpot: direction in crm.yaml.",
        weight=2,
        ask=_reasons_match,
        needs=(Reading.HISTORIES,),
    ),
    Check(
        id="feedback-rejections-arrive",
        group=Group.FEEDBACK,
        title="Marketing sees that a lead was turned down",
        looks="Leads that were an MQL and are out of the funnel in Salesforce: where HubSpot "
        "shows them.",
        why="They count as marketing's success there, and are never nurtured.",
        fix="Let syncd carry stages across; HubSpot goes backward only by a clear, then a set.",
        weight=3,
        ask=_rejections_arrive,
        needs=(Reading.HISTORIES,),
    ),
    Check(
        id="feedback-wins-arrive",
        group=Group.FEEDBACK,
        title="Marketing sees what was won",
        looks="Leads won in Salesforce: whether HubSpot shows them as customers.",
        why="Campaigns are judged by wins nobody told HubSpot of.",
        fix="Let syncd carry stages across, or the connector the deals.",
        weight=3,
        ask=_wins_arrive,
        needs=(Reading.DEALS,),
    ),
    Check(
        id="feedback-way-back",
        group=Group.FEEDBACK,
        title="There is a way back to marketing",
        looks="Leads that were an MQL and are out of the funnel now: whether any stands at "
        "nurture.",
        why="Not now is the commonest no; thrown away, it is bought again next year.",
        fix="Say under rejections in standard.yaml which reasons lead to nurture.",
        weight=2,
        ask=_way_back,
        needs=(Reading.HISTORIES,),
    ),
)

"""Whether leads with sales belong to somebody who is there. Pure."""

from collections import Counter

from syncd.core.value_words import counted
from syncd.domain.names import System
from syncd.measure.assess.finding import Answer, CannotSee, Check, Gap, Group, Sound
from syncd.measure.assess.leads import in_hand, owners
from syncd.measure.assess.sight import LeadSight, Reading, Sight
from syncd.measure.assess.weigh import (
    Asked,
    commonest,
    share,
    share_of,
    with_examples,
)
from syncd.measure.shares import Rate

_MANY, _HALF, _OWNERS = 20, 0.5, 3
_QUEUE = "queue:"


def _owned(sight: Sight) -> Answer:
    return share_of(
        Asked(
            of=in_hand(sight),
            whom="leads with sales",
            wrong=lambda x: not _people(x),
            show="belong to nobody, or to a queue",
        ),
    )


def _people(lead: LeadSight) -> set[str]:
    return {x for x in owners(lead).values() if not x.startswith(_QUEUE)}


def _active(sight: Sight) -> Answer:
    gone = {
        (system, person.owner): person
        for system, place in sight.places.items()
        for person in place.directory.by_owner.values()
        if not person.active
    }
    left = [{gone[key].name for key in owners(x).items() if key in gone} for x in in_hand(sight)]
    answer = share(
        Rate(sum(map(bool, left)), len(left)),
        "leads with sales",
        "belong to somebody who is not active any more",
    )
    return with_examples(answer, commonest(name for names in left for name in names))


def _owners_agree(sight: Sight) -> Answer:
    return share_of(
        Asked(
            of=[x for x in in_hand(sight) if _both_owned(x)],
            whom="leads with sales that have an owner in both CRMs",
            wrong=lambda x: len(set(owners(x).values())) > 1,
            show="have different ones",
        ),
    )


def _both_owned(lead: LeadSight) -> bool:
    """HubSpot has no queues: one in Salesforce cannot agree with anybody."""
    return len([x for x in owners(lead).values() if not x.startswith(_QUEUE)]) == len(System)


def _owners_known(sight: Sight) -> Answer:
    """By everybody who has leads in Salesforce now."""
    here = {o for x in in_hand(sight) if (o := owners(x).get(System.SALESFORCE))}
    people = sorted(x for x in here if not x.startswith(_QUEUE))
    if not people:
        return CannotSee("nobody owns a lead in Salesforce")
    known = {x.owner for x in sight.places[System.HUBSPOT].directory.by_owner.values() if x.active}
    active = {
        x.owner for x in sight.places[System.SALESFORCE].directory.by_owner.values() if x.active
    }
    strangers = [x for x in people if x not in known and x in active]
    if strangers:
        return Gap(
            says=f"{len(strangers):,} of {len(people):,} owners of leads are no owners in HubSpot",
            examples=tuple(strangers[:3]),
            rate=Rate(len(strangers), len(people)),
        )
    return Sound(f"all {counted(len(people), 'owner')} of leads are known in HubSpot")


def _spread(sight: Sight) -> Answer:
    held = [owner for x in in_hand(sight) if (owner := _seller(x))]
    counts = Counter(held)
    if len(held) < _MANY or len(counts) < _OWNERS:
        few = f"{counted(len(held), 'lead')} with {counted(len(counts), 'owner')}"
        return CannotSee(f"{few}: too few to say")
    name, most = counts.most_common(1)[0]
    says = f"one of {len(counts):,} owners has {most:,} of {len(held):,} leads with sales: {name}"
    rate = Rate(most, len(held))
    return Gap(says=says, rate=rate) if most > _HALF * len(held) else Sound(says)


def _seller(lead: LeadSight) -> str | None:
    """Its owner where sales works, else in the other CRM."""
    here = owners(lead)
    owner = here.get(System.SALESFORCE) or here.get(System.HUBSPOT)
    return None if owner is None or owner.startswith(_QUEUE) else owner


def _owner_unread(sight: Sight) -> Answer:
    """Owners that stand on records and are nobody the CRM tells of."""
    sides = [item for lead in in_hand(sight) for item in owners(lead).items()]
    lost = [f"{s.label} {o}" for s, o in sides if o not in sight.places[s].directory.by_owner]
    rate = Rate(len(lost), len(sides))
    answer = share(rate, "records of leads with sales", "name an owner the CRM tells nothing of")
    return with_examples(answer, commonest(lost))


CHECKS = (
    Check(
        id="handoff-owned",
        group=Group.HANDOFF,
        title="Leads with sales belong to somebody",
        looks="Leads now at MQL, SAL or SQL that have no owner, or a queue.",
        why="What belongs to everybody is called by nobody.",
        fix="Assign at the handoff (assignment rules, or a HubSpot workflow), and watch the queue.",
        weight=3,
        ask=_owned,
    ),
    Check(
        id="handoff-owner-active",
        group=Group.HANDOFF,
        title="Owners are there",
        looks="Leads now at MQL, SAL or SQL whose owner is deactivated or archived.",
        why="Nobody is told, nobody calls, and no list of theirs is ever opened again.",
        fix="Give these leads to somebody, and make it part of how people leave.",
        weight=3,
        ask=_active,
        needs=(Reading.PEOPLE,),
    ),
    Check(
        id="handoff-owner-told",
        group=Group.HANDOFF,
        title="Owners can be told",
        looks="Owner ids on leads with sales that neither CRM's list of people has.",
        why="Nobody can be reminded whom nobody can name.",
        fix="Let the integration see these users, or give their leads to others.",
        weight=1,
        ask=_owner_unread,
        needs=(Reading.PEOPLE,),
    ),
    Check(
        id="handoff-owners-agree",
        group=Group.HANDOFF,
        title="Both CRMs name the same owner",
        looks="Owners of leads now at MQL, SAL or SQL that have one in both CRMs.",
        why="Two people call, or each thinks that the other does.",
        fix="Let the owner flow from Salesforce: owner in crm.yaml.",
        weight=2,
        ask=_owners_agree,
        needs=(Reading.PEOPLE,),
    ),
    Check(
        id="handoff-owners-known",
        group=Group.HANDOFF,
        title="Salesforce's owners are known in HubSpot",
        looks="Active owners of leads in Salesforce, by address, among HubSpot's active owners.",
        why="What they do stands under nobody's name there.",
        fix="Invite them to HubSpot, or say who they are there under owners: in crm.yaml.",
        weight=1,
        ask=_owners_known,
        needs=(Reading.PEOPLE,),
    ),
    Check(
        id="handoff-spread",
        group=Group.HANDOFF,
        title="Leads are spread over the team",
        looks=f"Leads now at MQL, SAL or SQL by owner ({_MANY} leads and {_OWNERS} owners at "
        "least): whether one has more than half.",
        why="Whoever has most of them cannot call them all in time.",
        fix="Assign in turn, and cap what one person can hold.",
        weight=1,
        ask=_spread,
    ),
)

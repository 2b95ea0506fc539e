"""Which rights syncd needs in each CRM, by the vendors' own names, and what for.

Tables and what the configuration makes of them; what was granted comes in as facts.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from syncd.core.doctor import ailments
from syncd.core.doctor.facts import Facts, Setup, SideFacts, Unseen
from syncd.core.doctor.finding import Finding
from syncd.domain.names import System


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A right, and what it is for. Without one that is not `vital` syncd does less."""

    right: str
    reason: str
    vital: bool = True


def missing_rights(system: System, side: SideFacts, facts: Facts) -> Iterator[Finding]:
    if isinstance(side.granted, Unseen):
        return
    for need in needs(system, facts.setup):
        if need.right not in side.granted:
            ailment = ailments.PERMISSION_MISSING if need.vital else ailments.PERMISSION_USEFUL
            what = f"{_WORDS[system]} {need.right} is missing: {need.reason}"
            yield ailment.found(what, system.label, how=_how(system, need.right))


def needs(system: System, setup: Setup) -> tuple[Need, ...]:
    """Everything this configuration asks of the CRM."""
    return tuple(_salesforce(setup) if system is System.SALESFORCE else _hubspot(setup))


_WORDS = {
    System.SALESFORCE: "the integration user's permission",
    System.HUBSPOT: "the token's scope",
}


def _salesforce(setup: Setup) -> Iterator[Need]:
    yield Need(right="Lead.queryable", reason="to read leads")
    yield Need(right="Lead.updateable", reason="to write stages, fields and owners")
    if System.SALESFORCE in setup.crm.create_in:
        yield Need(right="Lead.createable", reason="create_in has leads made")
    yield Need(right="User.queryable", reason="to know who owns a lead")
    yield Need(right="Contact.queryable", reason="to go on after a conversion")
    yield Need(right="Contact.updateable", reason="to write to converted leads", vital=False)
    yield Need(right="Task.createable", reason="to explain a refused move in a note")
    yield Need(right="Task.queryable", reason="to see the first touch")
    yield Need(right="Event.queryable", reason="to see meetings", vital=False)
    yield Need(right="LeadHistory.queryable", reason="to see who moved a lead", vital=False)
    paths = setup.crm.properties(System.SALESFORCE)
    if any(path.startswith("ConvertedOpportunity.") for path in paths):
        yield Need(right="Opportunity.queryable", reason="the stages ask for opportunities")
    if setup.policy.recycle.campaign:
        yield Need(right="CampaignMember.createable", reason="recycle.campaign is named")
        yield Need(right="Campaign.queryable", reason="recycle.campaign is named")


def _hubspot(setup: Setup) -> Iterator[Need]:
    yield Need(right="crm.objects.contacts.read", reason="to read contacts")
    yield Need(right="crm.objects.contacts.write", reason="to write contacts and notes")
    yield Need(right="crm.schemas.contacts.read", reason="to know what properties take")
    yield Need(right="crm.objects.owners.read", reason="to know who owns a contact")
    yield Need(right="sales-email-read", reason="to see mails of reps", vital=False)
    if setup.policy.recycle.nurture_list:
        yield Need(right="crm.lists.write", reason="recycle.nurture_list is named")
        yield Need(right="crm.lists.read", reason="to look at the nurture list", vital=False)


_ACCESS = {"queryable": "Read and View All", "updateable": "Edit", "createable": "Create"}
_HISTORY = "LeadHistory"


def _how(system: System, right: str) -> str:
    if system is System.HUBSPOT:
        return (
            "HubSpot > Settings > Integrations > Private Apps (or Service Keys) > your app > "
            f"Scopes: add {right} and save; a new token goes into SYNCD_HUBSPOT_TOKEN."
        )
    record, _, access = right.partition(".")
    if record == _HISTORY:
        return (
            "Setup > Object Manager > Lead > Set History Tracking: switch it on, tick Lead Status."
        )
    return (
        "Setup > Permission Sets > the integration user's set > Object Settings > "
        f"{record}: tick {_ACCESS[access]}."
    )

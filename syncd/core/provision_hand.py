"""What a person must do by hand in both CRMs and in Slack, as no API does it. Words only."""

from collections.abc import Iterator
from dataclasses import dataclass

from syncd.core.wanted import Wanted, WantedField
from syncd.domain.mapping import CrmMap
from syncd.domain.names import System


@dataclass(frozen=True, slots=True)
class HandWork:
    """`where` to click, and `what`."""

    where: str
    what: str


def by_hand(wanted: Wanted, crm: CrmMap) -> tuple[HandWork, ...]:
    """In the order an admin would do it."""
    return (*_salesforce(wanted, crm), *_hubspot(wanted), *_SLACK)


def _salesforce(wanted: Wanted, crm: CrmMap) -> Iterator[HandWork]:
    side = crm.sides[System.SALESFORCE]
    told = [x for x in crm.stage_properties(System.SALESFORCE) if "." not in x and x != _CONVERTED]
    manager = f"Salesforce: Setup > Object Manager > {side.kind}"
    yield HandWork(
        f"{manager} > Fields & Relationships > Set History Tracking",
        f"tick {', '.join(told)}: without it syncd does not know who moved a lead, and when",
    )
    yield HandWork(
        "Salesforce: Setup > Permission Sets > syncd > Manage Assignments",
        "it must be assigned to syncd's integration user, which provision does where it may, and "
        "to nobody else: it may write everything syncd writes",
    )
    shown = [x.name for x in _own(wanted, System.SALESFORCE) if x.kind == side.kind]
    if shown:
        yield HandWork(
            "Salesforce: Setup > Profiles, or a permission set of theirs > Field-Level Security",
            f"let reps and managers read {', '.join(shown)}; nobody but syncd edits them",
        )
        yield HandWork(f"{manager} > Page Layouts", "put the same fields where reps see them")
    made = [x.name for x in wanted.fields if x.kind == side.kind and x.can_be_made]
    copied = [x.name for x in wanted.fields if x.kind == side.converted_kind and x.name in made]
    if copied:
        yield HandWork(
            f"{manager} > Fields & Relationships > Map Lead Fields",
            f"map each to the Contact's field of that name: {', '.join(copied)}",
        )


_CONVERTED = "IsConverted"


def _hubspot(wanted: Wanted) -> Iterator[HandWork]:
    yield HandWork(
        "HubSpot: Settings > Objects > Contacts > Lifecycle Stage",
        "keep the stages in the order of the ladder: HubSpot takes no step back unasked",
    )
    shown = [x.name for x in _own(wanted, System.HUBSPOT)]
    if shown:
        yield HandWork(
            "HubSpot: Settings > Objects > Contacts > Record customization",
            f"show {', '.join(shown)} on the left of the contact",
        )
        yield HandWork(
            "HubSpot: Settings > Properties > the property > Manage access",
            "let people view these and not edit them, where your plan has that",
        )


_SLACK = (
    HandWork(
        "Slack: api.slack.com/apps > Create New App > From a manifest",
        "make the app as docs/SLACK.md says, and invite its bot to every channel of crm.yaml",
    ),
)


def _own(wanted: Wanted, system: System) -> Iterator[WantedField]:
    """The fields in which syncd explains itself; its id is of no use to people."""
    return (x for x in wanted.fields if x.system is system and x.own and not x.unique)

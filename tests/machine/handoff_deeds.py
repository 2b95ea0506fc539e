"""What people do with a lead of the town, each deed by its name; `Case` remembers it."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from decide_cases import HUBSPOT, SALESFORCE
from fakes import HEIR, REP_ID
from handoff_case import Case, Turn
from handoff_town import Town

from syncd.domain.handoff import Handoff
from syncd.domain.names import LeadId
from syncd.domain.order import AcceptHandoff, Order, RejectHandoff, SnoozeHandoff, Via, What
from syncd.domain.record import Activity
from syncd.domain.stage import Stage

PEOPLE = {REP_ID: "rep@corp.example", "005H": HEIR, "00GQ": None}
_MANAGER = "manager@corp.example"
_CLICKS = (("0",), ("0", "0"), ("0", "1"))
"""Once; once, and Slack sends it twice; twice."""


def shows(town: Town, case: Case) -> object:
    """The stage sales sees; None once the record is gone."""
    record = town.house.sf.records[case.sf]
    return None if record.deleted else record.properties["status"]


def offer(town: Town, case: Case) -> None:
    owner = town.random.choice(tuple(PEOPLE))
    town.house.sf.edit(case.sf, owner__c=owner)
    town.house.hs.edit(case.hs, owner__c=owner)
    town.house.hs.move(case.hs, Stage.MQL)
    _turn(town, case, owner)


def _give(town: Town, case: Case) -> None:
    """To anybody else."""
    give_to(
        town, case, town.random.choice([x for x in PEOPLE if PEOPLE[x] != case.turns[-1].owner])
    )


def give_to(town: Town, case: Case, owner: str) -> None:
    town.house.sf.edit(case.sf, owner__c=owner)
    _turn(town, case, owner)


def _turn(town: Town, case: Case, owner: str) -> None:
    case.turns.append(Turn(at=town.now, owner=PEOPLE[owner], looks=len(town.looks)))


def _accept(town: Town, case: Case) -> None:
    """In the CRM, by one or two clicks, or all at once."""
    how, handoff = town.random.choice(("record", "clicks", "both")), _known(town, case)
    if how in ("record", "both") or not handoff:
        town.house.sf.move(case.sf, Stage.SAL)
    if how in ("clicks", "both") and handoff:
        _click(town, case, AcceptHandoff(lead_id=handoff.lead_id, handoff_id=handoff.id))
    _end(town, case)


def _reject(town: Town, case: Case) -> None:
    """Whoever has it, in whatever state syncd knows it to be."""
    handoff = _known(town, case)
    if handoff and handoff.state.is_accepted == (shows(town, case) == "sal"):
        what = RejectHandoff(
            lead_id=handoff.lead_id, handoff_id=handoff.id, reason="not-ready", note="too early"
        )
        _click(town, case, what)
        case.is_rejected = True
        _end(town, case)


def _snooze(town: Town, case: Case) -> None:
    """Each handoff can be, once: the first time counts."""
    handoff = _known(town, case)
    if handoff and handoff.owner:
        _place(town, case, SnoozeHandoff(lead_id=handoff.lead_id, handoff_id=handoff.id), "")
        case.snoozed_at = case.snoozed_at or town.now


def _touch(town: Town, case: Case) -> None:
    town.house.sf.activities.append(
        Activity(
            system=SALESFORCE,
            id=f"task-{len(town.house.sf.activities)}",
            record_id=case.sf,
            kind="call",
            at=town.now,
            owner_id=REP_ID,
            by_syncd=False,
            reached=town.random.random() < 0.7,
        )
    )


def _qualify(town: Town, case: Case) -> None:
    town.house.sf.move(case.sf, Stage.SQL)
    _end(town, case)


def _convert(town: Town, case: Case) -> None:
    """The lead becomes a contact: asked for by the old id, the new record comes."""
    records = town.house.sf.records
    contact = replace(
        records[case.lead],
        id=case.contact,
        kind="Contact",
        former=(case.lead,),
        modified_at=town.now,
    )
    records |= {case.lead: contact, case.contact: contact}
    case.is_converted = True
    _end(town, case)


def _delete(town: Town, case: Case) -> None:
    town.house.sf.delete(case.sf)
    town.house.hs.delete(case.hs)
    case.is_deleted = True
    _end(town, case)


DEEDS: Mapping[str, Callable[[Town, Case], None]] = {
    "give": _give,
    "accept": _accept,
    "reject": _reject,
    "snooze": _snooze,
    "touch": _touch,
    "qualify": _qualify,
    "convert": _convert,
    "delete": _delete,
}


def _known(town: Town, case: Case) -> Handoff | None:
    """Its open handoff, where syncd knows who has it now."""
    found = town.store.find(HUBSPOT, [case.hs])
    lead = town.store.load(found.values()).get(next(iter(found.values()), LeadId("")))
    handoff = lead.handoff if lead else None
    return handoff if handoff and handoff.owner == case.turns[-1].owner else None


def _end(town: Town, case: Case) -> None:
    if case.ended_at is None:
        case.ended_at, case.looks_at_end = town.now, len(town.looks)


def _click(town: Town, case: Case, what: What) -> None:
    for name in town.random.choice(_CLICKS):
        _place(town, case, what, name)


def _place(town: Town, case: Case, what: What, name: str) -> None:
    by = case.turns[-1].owner or _MANAGER
    order_id = f"{type(what).__name__}-{case.number}-{name}"
    town.store.place(Order(id=order_id, placed_at=town.now, by=by, what=what, via=Via.SLACK))

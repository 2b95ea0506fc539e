"""Lists, people and other programs the configuration counts on or must count with."""

from collections.abc import Iterator

from syncd.core.connector import advice, quarrels
from syncd.core.doctor import ailments
from syncd.core.doctor.facts import Drift, Facts, SideFacts, Unseen
from syncd.core.doctor.finding import Finding
from syncd.core.wanted import wanted
from syncd.domain.names import System


def unfit_lists(system: System, side: SideFacts, facts: Facts) -> Iterator[Finding]:
    if isinstance(side.lists, Unseen):
        return
    word = "list" if system is System.HUBSPOT else "campaign"
    for item in wanted(facts.setup.policy, facts.setup.crm).lists:
        if item.system is not system:
            continue
        found = side.lists.get(item.id)
        if found is None:
            what = f"there is no {word} {item.id}"
            yield ailments.LIST_MISSING.found(what, item.where, vendor=system.label, key=item.where)
        elif not found.takes_members:
            what = f"{word} {item.id} ({found.name}) is not static"
            yield ailments.LIST_NOT_STATIC.found(what, item.where, key=item.where)


def unknown_people(system: System, side: SideFacts, facts: Facts) -> Iterator[Finding]:
    """Those leads are given to must be active owners in each CRM."""
    if isinstance(side.directory, Unseen):
        return
    policy = facts.setup.policy
    receivers = {name for x in policy.segments for name in x.ladder.reassign_to}
    receivers |= {policy.recycle.owner} if policy.recycle.owner else set()
    for name in sorted(receivers):
        person = side.directory.by_owner.get(name)
        is_queue = name.startswith("queue:")
        if is_queue and system is System.HUBSPOT:
            continue  # it has none
        if person is None or not person.active:
            state = "is unknown" if person is None else "is inactive"
            words = name.removeprefix("queue:") if is_queue else name
            what = f"{'the queue ' if is_queue else ''}{words} {state} in {system.label}"
            yield ailments.PERSON_UNKNOWN.found(what, "policy.yaml", vendor=system.label)


def connector_overlap(facts: Facts) -> Iterator[Finding]:
    if isinstance(facts.connector, Unseen):
        if facts.connector.why:
            what = f"cannot see what the native connector moves: {facts.connector.why}"
            yield ailments.CANNOT_SEE.found(what, System.HUBSPOT.label)
        return
    for spec in quarrels(facts.connector, facts.setup.crm):
        what = f'the native connector moves "{spec.name}", and syncd is told to as well'
        yield ailments.CONNECTOR_OVERLAP.found(what, spec.where, how=advice(spec))


_NATIVE = {
    Drift.MISSING: ailments.NATIVE_MISSING,
    Drift.INACTIVE: ailments.NATIVE_INACTIVE,
    Drift.OUTDATED: ailments.NATIVE_OUTDATED,
    Drift.EDITED: ailments.NATIVE_EDITED,
    Drift.LEFT_OVER: ailments.NATIVE_LEFT_OVER,
}


def native_drift(facts: Facts) -> Iterator[Finding]:
    """What is built into Salesforce, held against the files by `compile.deployed`."""
    if isinstance(facts.native, Unseen):
        if facts.native.why:
            what = f"cannot see its validation rules: {facts.native.why}"
            yield ailments.CANNOT_SEE.found(what, System.SALESFORCE.label)
        return
    for drift in facts.native:
        yield _NATIVE[drift.kind].found(drift.says, System.SALESFORCE.label, how=f"{drift.fix}.")

"""Look at everything the daemon needs, in a few reads, for `core.doctor` to judge.

What cannot be seen becomes a fact by itself, and the rest is looked at all the same. Nothing
is written anywhere.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from syncd.compile.deployed import deployed_findings
from syncd.compile.formula_guards import Source
from syncd.compile.salesforce import PREFIX
from syncd.core.connector import LOOK_BACK, detect_connector, is_installed, shared_properties
from syncd.core.doctor.facts import (
    NOT_ASKED,
    Fact,
    Facts,
    NativeDrift,
    Setup,
    SideFacts,
    SlackFacts,
    StoreFacts,
    Unseen,
)
from syncd.core.doctor.reach import people_of
from syncd.core.wanted import wanted
from syncd.domain.names import FieldName, System
from syncd.errors import AuthError, LimitError, SyncdError
from syncd.office_ports import CrmInspector, SlackInspector
from syncd.ports import Crm

T = TypeVar("T")

_SAMPLE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Surgery:
    """Whatever can be asked. `crms` lacks those there are no credentials for; `slack` is None
    without a bot; `known_accounts` tells of which accounts the store is."""

    crms: Mapping[System, tuple[Crm, CrmInspector]]
    slack: SlackInspector | None
    store: Callable[[], StoreFacts]
    known_accounts: Callable[[], Mapping[System, str]]


def look(surgery: Surgery, setup: Setup, *, now: datetime) -> Facts:
    """All facts there are to be had."""
    sides = {system: _side(system, surgery, setup) for system in System}
    store = _seen(surgery.store)
    known = _seen(surgery.known_accounts)
    return Facts(
        now=now,
        setup=setup,
        sides=sides,
        slack=_slack(surgery.slack, setup) if surgery.slack else None,
        store=store,
        connector=_connector(surgery, setup, sides[System.HUBSPOT], now),
        native=_native(surgery, setup, sides[System.SALESFORCE]),
        known_accounts={} if isinstance(known, Unseen) else known,
    )


def _seen(ask: Callable[[], T]) -> Fact[T]:
    try:
        return ask()
    except SyncdError as error:
        return Unseen(
            str(error),
            refused=isinstance(error, AuthError),
            spent=isinstance(error, LimitError),
        )


def _side(system: System, surgery: Surgery, setup: Setup) -> SideFacts:
    """Who does not say who we are is asked nothing else: each question would wait as long."""
    if system not in surgery.crms:
        return SideFacts(login=NOT_ASKED)
    crm, inspector = surgery.crms[system]
    login = _seen(inspector.login)
    if isinstance(login, Unseen):
        return SideFacts(login=login)
    told = {p for p in setup.crm.stage_properties(system) if "." not in p}
    named = [x.id for x in wanted(setup.policy, setup.crm).lists if x.system is system]
    side = SideFacts(
        login=login,
        granted=_seen(inspector.granted),
        schema=_seen(crm.schema),
        directory=_seen(crm.directory),
        tracked=_seen(lambda: inspector.tracked(told)),
        lists=_seen(lambda: inspector.lists(named)),
    )
    usage = crm.usage()  # told by the answers so far
    return replace(side, used=usage.used, allowed=usage.allowed)


def _slack(inspector: SlackInspector, setup: Setup) -> SlackFacts:
    scopes = _seen(inspector.scopes)
    if isinstance(scopes, Unseen):
        return SlackFacts(scopes=scopes, channels=NOT_ASKED, line=NOT_ASKED)
    named = people_of(setup.policy)
    return SlackFacts(
        scopes=scopes,
        channels=_seen(inspector.channels),
        line=_seen(inspector.line),
        people=_seen(lambda: inspector.known(named)),
    )


def _native(surgery: Surgery, setup: Setup, side: SideFacts) -> Fact[tuple[NativeDrift, ...]]:
    """Only of an org that answers."""
    if isinstance(side.login, Unseen):
        return NOT_ASKED
    rules = _seen(lambda: surgery.crms[System.SALESFORCE][1].rules(PREFIX))
    if isinstance(rules, Unseen):
        return rules
    source = Source(standard=setup.standard, policy=setup.policy, crm=setup.crm)
    return deployed_findings(source, rules)


def _connector(
    surgery: Surgery, setup: Setup, side: SideFacts, now: datetime
) -> Fact[frozenset[FieldName]]:
    """Going by contacts changed lately, linked or not: its writes count as changes."""
    if isinstance(side.schema, Unseen):
        return NOT_ASKED
    if not is_installed(side.schema):
        return frozenset()
    hubspot = surgery.crms[System.HUBSPOT][0]

    def moved() -> frozenset[FieldName]:
        page = next(iter(hubspot.poll(now - LOOK_BACK)))
        ids = [record.id for record in page.records if not record.deleted][:_SAMPLE]
        wanted_names = shared_properties(setup.crm)
        histories = hubspot.history(ids, now - LOOK_BACK, wanted_names) if ids else {}
        return frozenset(detect_connector(histories.values(), setup.crm, now=now))

    return _seen(moved)

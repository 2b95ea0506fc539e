"""What an org runs when a lead is saved, by the Tooling API. Reads, and nothing else.

Salesforce gives the definition (`Metadata`) of one thing a query, so each costs a call; a
kind that the user may not see is named, and the others are still read.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from syncd.adapters.salesforce import soql, soql_setup
from syncd.adapters.salesforce.api import Api, part_of
from syncd.domain.automation import Automation, AutomationKind, Automations
from syncd.errors import AuthError, PermanentError

_MOST = 200
"""So many definitions of a kind are looked into."""
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_TEXT = re.compile(r"\"[^\"]*\"|'[^']*'")
_SETUP = "give syncd's user the View Setup and Configuration permission to see them"

Row = Mapping[str, Any]
_Seen = Iterator[Automation | str]
"""Automations, and words of what could not be looked into."""


class OrgAutomations:
    """Of records of one kind, such as Lead."""

    def __init__(self, api: Api, *, kind: str) -> None:
        self._api = api
        self._kind = kind

    def read(self) -> Automations:
        found: list[Automation] = []
        unseen: list[str] = []
        for what, read in _READERS.items():
            try:
                told = list(read(self._api, self._kind))
            except (AuthError, PermanentError) as error:
                unseen.append(f"Salesforce {what}: {error}; {_SETUP}")
                continue
            found += [x for x in told if isinstance(x, Automation)]
            unseen += [f"Salesforce {what}: {x}" for x in told if isinstance(x, str)]
        return Automations(found=tuple(found), unseen=tuple(unseen))


def _validation_rules(api: Api, kind: str) -> _Seen:
    query = soql_setup.active_rules(kind)
    rows = _tooling(api, query)
    for row, told in _defined(api, "ValidationRule", rows):
        fields = names_in(str(told.get("errorConditionFormula") or ""))
        yield Automation(
            kind=AutomationKind.VALIDATION_RULE, name=str(row["ValidationName"]), fields=fields
        )
    yield from _too_many(rows)


def _flows(api: Api, kind: str) -> _Seen:
    """Record-triggered ones, and the old processes; other flows are not woken by a record."""
    query = soql_setup.active_flows()
    rows = _tooling(api, query)
    for row, told in _defined(api, "Flow", rows):
        start = told.get("start") or {}
        if kind in (start.get("object"), _process_object(told)):
            criteria = start.get("filters") or ()
            fields = {str(x.get("field") or "") for x in criteria} - {""}
            fields |= names_in(str(start.get("filterFormula") or ""))
            yield Automation(
                kind=AutomationKind.FLOW, name=str(row["MasterLabel"]), fields=frozenset(fields)
            )
    yield from _too_many(rows)


def _process_object(told: Row) -> str:
    values = told.get("processMetadataValues") or ()
    found = (x.get("value") or {} for x in values if x.get("name") == "ObjectType")
    return str(next(found, {}).get("stringValue") or "")


def _workflow_rules(api: Api, kind: str) -> _Seen:
    query = soql_setup.workflow_rules(kind)
    rows = _tooling(api, query)
    for row, told in _defined(api, "WorkflowRule", rows):
        if not told.get("active"):
            continue
        items = told.get("criteriaItems") or ()
        fields = {str(x.get("field") or "").removeprefix(f"{kind}.") for x in items} - {""}
        fields |= names_in(str(told.get("formula") or ""))
        yield Automation(
            kind=AutomationKind.WORKFLOW_RULE, name=str(row["Name"]), fields=frozenset(fields)
        )
    yield from _too_many(rows)


def _triggers(api: Api, kind: str) -> _Seen:
    """Every save wakes them; what their code looks at is not read."""
    query = soql_setup.active_triggers(kind)
    for row in _tooling(api, query):
        yield Automation(kind=AutomationKind.TRIGGER, name=str(row["Name"]), fields=frozenset())


def _defined(api: Api, kind: str, rows: Sequence[Row]) -> Iterator[tuple[Row, Row]]:
    for row in rows[:_MOST]:
        query = soql_setup.definition(kind, row["Id"])
        for told in _tooling(api, query):
            yield row, told.get("Metadata") or {}


def _too_many(rows: Sequence[Row]) -> Iterator[str]:
    if len(rows) > _MOST:
        yield f"only the first {_MOST} of {len(rows):,} were looked into"


_READERS: Mapping[str, Callable[[Api, str], _Seen]] = {
    "validation rules": _validation_rules,
    "flows": _flows,
    "workflow rules": _workflow_rules,
    "triggers": _triggers,
}


def names_in(formula: str) -> frozenset[str]:
    """Every name a formula uses, of fields and functions alike; quoted texts are no names."""
    return frozenset(_NAME.findall(_TEXT.sub(" ", formula)))


def _tooling(api: Api, query: str) -> list[Row]:
    what = "Salesforce automations"
    rows: list[Row] = []
    url = f"{api.root}/tooling/query/?q={soql.encoded(query)}"
    while url:
        told = api.get(url, what=what).body
        rows += part_of(told, "records", what)
        url = "" if told.get("done", True) else str(told.get("nextRecordsUrl") or "")
    return rows

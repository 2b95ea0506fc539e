"""What only a check-up asks of an org: rights, history tracking, who we are there.

Reads, and nothing else. What these facts mean is `core.doctor`'s business.
"""

from collections.abc import Collection, Mapping
from contextlib import suppress
from typing import Any

from syncd.adapters.salesforce import soql, soql_setup
from syncd.adapters.salesforce.api import Api, part_of
from syncd.adapters.transport.answer import server_date
from syncd.core.doctor.facts import ListFacts, Login, NativeRule
from syncd.core.ids import salesforce_id_18
from syncd.errors import PermanentError
from syncd.ports import Clock

_FLAGS = ("queryable", "createable", "updateable")


class SalesforceInspector:
    """Implements `CrmInspector`: two calls for the login, one for each other question, and for
    each formula."""

    def __init__(self, api: Api, *, kind: str, clock: Clock) -> None:
        self._api = api
        self._kind = kind
        self._clock = clock

    def login(self) -> Login:
        what = "Salesforce userinfo"
        reply = self._api.get("/services/oauth2/userinfo", what=what)
        asked_at, me = self._clock.now(), reply.body
        account = str(part_of(me, "organization_id", what))
        return Login(
            account=salesforce_id_18(account) or account,
            server_time=server_date(reply.answer),
            asked_at=asked_at,
            time_zone=str(me.get("zoneinfo") or ""),
            name=str(me.get("name") or ""),
            email=str(me.get("email") or "").lower(),
            has_leads=self._has_leads(str(part_of(me, "user_id", what))),
        )

    def granted(self) -> frozenset[str]:
        """Of every kind of record the user sees: Lead.queryable, Lead.updateable, …"""
        what = "Salesforce global describe"
        told = self._api.get(f"{self._api.root}/sobjects", what=what).body
        kinds = part_of(told, "sobjects", what)
        return frozenset(f"{x['name']}.{flag}" for x in kinds for flag in _FLAGS if x.get(flag))

    def tracked(self, properties: Collection[str]) -> frozenset[str]:
        """PermanentError or AuthError where the user may not view the setup."""
        if not properties:
            return frozenset()
        rows = self._tooling(
            soql_setup.tracked_fields(self._kind, properties), "Salesforce history"
        )
        return frozenset(
            str(x.get("QualifiedApiName")) for x in rows if x.get("IsFieldHistoryTracked")
        )

    def lists(self, ids: Collection[str]) -> Mapping[str, ListFacts]:
        """Campaigns take members whatever their status is."""
        known = {whole: name for name in ids if (whole := salesforce_id_18(name))}
        rows = self._api.rows(soql.campaigns(known), what="Salesforce campaigns") if known else ()
        return {known[x["Id"]]: ListFacts(name=x["Name"], takes_members=True) for x in rows}

    def rules(self, prefix: str) -> tuple[NativeRule, ...]:
        rows = self._tooling(soql_setup.validation_rules(self._kind), "Salesforce validation rules")
        return tuple(
            NativeRule(
                name=str(row.get("ValidationName")),
                active=bool(row.get("Active")),
                description=str(row.get("Description") or ""),
                message=str(row.get("ErrorMessage") or ""),
                formula=self._formula(row) if _begins(row, prefix) else None,
            )
            for row in rows
        )

    def _formula(self, row: Mapping[str, Any]) -> str:
        """Salesforce gives it for one rule a call."""
        query = soql_setup.definition("ValidationRule", row["Id"])
        told = self._tooling(query, "Salesforce validation rule")
        return "".join(str(x["Metadata"].get("errorConditionFormula") or "") for x in told)

    def _has_leads(self, user_id: str) -> bool:
        """Whether somebody else gave the user a lead that is still open. Where leads are hidden
        the missing right is told by itself."""
        with suppress(PermanentError):
            return any(self._api.rows([soql.lead_given_to(user_id)], what="Salesforce own leads"))
        return False

    def _tooling(self, query: str, what: str) -> list[Mapping[str, Any]]:
        path = f"{self._api.root}/tooling/query/?q={soql.encoded(query)}"
        told = self._api.get(path, what=what).body
        rows: list[Mapping[str, Any]] = part_of(told, "records", what)
        return rows


def _begins(rule: Mapping[str, Any], prefix: str) -> bool:
    return str(rule.get("ValidationName")).casefold().startswith(prefix.casefold())

"""Making custom fields, the permission set that shows them, and a campaign in an org.

A field that the API makes nobody sees, not even its maker, until a permission set or a profile
says so. Everything is asked anew each time, so that a run that was broken off is simply run
again. What there is to make is `core.provision`'s business.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from syncd.adapters.salesforce import soql, soql_setup
from syncd.adapters.salesforce.api import Api, Row, part_of
from syncd.adapters.salesforce.custom_field import metadata_of, value_of
from syncd.adapters.salesforce.describe import fetch_schema
from syncd.adapters.salesforce.translate import in_words, read_errors
from syncd.core.ids import salesforce_id_18
from syncd.core.provision import NAME, Found, Place
from syncd.core.wanted import Choice, Wanted, WantedField, WantedList
from syncd.domain.mapping import SideMap
from syncd.domain.names import System
from syncd.domain.record import Schema
from syncd.errors import PermanentError

_MOST_ROWS = 200
_SET = {
    "Name": NAME,
    "Label": NAME,
    "Description": "Fields that syncd reads and writes. For its integration user.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _PermissionSet:
    """`id` is None where there is none; `is_ours`: our user has it. `grants` are the ids of
    what it says of fields."""

    id: str | None = None
    is_ours: bool = False
    grants: Mapping[Place, str]


class SalesforceProvisioner:
    """Implements `Provisioner`. Fields are made one by one, each an API call: the Tooling API
    takes no collections."""

    def __init__(self, api: Api, *, side: SideMap, properties: Sequence[str]) -> None:
        self._api = api
        self._side = side
        self._properties = properties

    def look(self, wanted: Wanted) -> Found:
        """AuthError or PermanentError where the user may not view the setup."""
        schema = fetch_schema(self._api, side=self._side, paths=self._properties)
        wishes = [x for x in wanted.lists if x.system is System.SALESFORCE]
        return Found(
            schema=schema,
            has_home=self._permission_set().is_ours,
            hidden=frozenset(x for x in self._custom_fields() if self._path(x) not in schema),
            fixed_options=_standard(schema),
            lists=self._campaigns([x.id for x in wishes]),
            made_lists=self._campaigns_called([x.label for x in wishes]),
        )

    def make_home(self) -> None:
        ours = self._permission_set()
        set_id = ours.id or self._create("PermissionSet", _SET)
        if not ours.is_ours:
            given = {"PermissionSetId": set_id, "AssigneeId": self._api.user_id()}
            self._create("PermissionSetAssignment", given)

    def make_fields(self, fields: Sequence[WantedField]) -> Mapping[Place, str]:
        refused: dict[Place, str] = {}
        for field in fields:
            body = {"FullName": f"{field.kind}.{field.name}", "Metadata": metadata_of(field)}
            what = f"Salesforce field {field.kind}.{field.name}"
            try:
                self._api.write("POST", self._tooling("CustomField"), body, what=what)
            except PermanentError as error:
                refused[field.kind, field.name] = str(error)
        return refused

    def open_up(self, fields: Sequence[WantedField]) -> Mapping[Place, str]:
        ours = self._permission_set()
        if ours.id is None:
            raise PermanentError(f"Salesforce: there is no permission set {NAME} to add them to")
        wishes = [x for x in fields if (x.kind, x.name) not in ours.grants]
        refused: dict[Place, str] = {}
        for first in range(0, len(wishes), _MOST_ROWS):
            refused |= self._grant(ours.id, wishes[first : first + _MOST_ROWS])
        return refused

    def extend(self, field: WantedField, choices: Sequence[Choice]) -> None:
        """Salesforce takes a field's definition whole, so it goes back as it stands, and longer.
        PermanentError where the values are a global value set's."""
        what = f"Salesforce field {field.kind}.{field.name}"
        row = next(iter(self._tooled(soql_setup.custom_field(field.kind, field.name), what)), None)
        if row is None:
            raise PermanentError(f"{what}: it is not this org's own")
        path = f"{self._tooling('CustomField')}/{row['Id']}"
        metadata = part_of(self._api.get(path, what=what).body, "Metadata", what)
        values = ((metadata.get("valueSet") or {}).get("valueSetDefinition") or {}).get("value")
        if values is None:
            raise PermanentError(f"{what}: its values are a global value set's; add them there")
        values.extend(value_of(choice) for choice in choices)
        self._api.change(path, {"Metadata": metadata}, what=what)

    def make_list(self, wish: WantedList) -> None:
        self._create("Campaign", {"Name": wish.label, "IsActive": True})

    def _grant(self, set_id: str, fields: Sequence[WantedField]) -> dict[Place, str]:
        what = "Salesforce field permissions"
        records = [_permission(set_id, field) for field in fields]
        body = {"allOrNone": False, "records": records}
        path = f"{self._api.root}/composite/sobjects"
        answers = self._api.write("POST", path, body, what=what).body
        return {
            (field.kind, field.name): "; ".join(map(in_words, read_errors(answer.get("errors"))))
            for field, answer in zip(fields, answers, strict=True)
            if not answer.get("success")
        }

    def _permission_set(self) -> _PermissionSet:
        what = "Salesforce permission set"
        rows = [*self._api.rows([soql_setup.permission_set(NAME)], what=what)]
        if not rows:
            return _PermissionSet(grants={})
        set_id = rows[0]["Id"]
        queries = (
            soql_setup.field_permissions(set_id),
            soql_setup.assignment(set_id, self._api.user_id()),
        )
        found = [*self._api.rows(queries, what=what)]
        grants = {_granted(x): x["Id"] for x in found if "Field" in x}
        return _PermissionSet(id=set_id, is_ours=len(grants) < len(found), grants=grants)

    def _custom_fields(self) -> Iterator[Place]:
        kinds = [x for x in (self._side.kind, self._side.converted_kind) if x]
        for row in self._tooled(soql_setup.custom_fields(kinds), "Salesforce custom fields"):
            prefix = f"{row['NamespacePrefix']}__" if row.get("NamespacePrefix") else ""
            yield row["TableEnumOrId"], f"{prefix}{row['DeveloperName']}__c"

    def _path(self, place: Place) -> str:
        kind, name = place
        return name if kind == self._side.kind else f"{self._side.converted_path}.{name}"

    def _campaigns(self, names: Collection[str]) -> frozenset[str]:
        ids = {whole: name for name in names if (whole := salesforce_id_18(name))}
        rows = self._api.rows(soql.campaigns(ids), what="Salesforce campaigns")
        return frozenset(ids[row["Id"]] for row in rows)

    def _campaigns_called(self, names: Collection[str]) -> Mapping[str, str]:
        queries = [soql.campaigns_called(names)] if names else []
        rows = self._api.rows(queries, what="Salesforce campaigns")
        return {row["Name"]: row["Id"] for row in rows}

    def _tooled(self, query: str, what: str) -> list[Mapping[str, Any]]:
        path = f"{self._api.root}/tooling/query/?q={soql.encoded(query)}"
        told = self._api.get(path, what=what).body
        rows: list[Mapping[str, Any]] = part_of(told, "records", what)
        return rows

    def _tooling(self, kind: str) -> str:
        return f"{self._api.root}/tooling/sobjects/{kind}"

    def _create(self, kind: str, values: Mapping[str, object]) -> str:
        what = f"Salesforce {kind}"
        path = f"{self._api.root}/sobjects/{kind}"
        return str(part_of(self._api.write("POST", path, values, what=what).body, "id", what))


def _permission(set_id: str, field: WantedField) -> dict[str, object]:
    return {
        "attributes": {"type": "FieldPermissions"},
        "ParentId": set_id,
        "SobjectType": field.kind,
        "Field": f"{field.kind}.{field.name}",
        "PermissionsRead": True,
        "PermissionsEdit": field.written,
    }


def _granted(row: Row) -> Place:
    kind, _, name = row["Field"].partition(".")
    return kind, name


def _standard(schema: Schema) -> frozenset[str]:
    """Values of standard fields belong to value sets of their own, with flags for each."""
    return frozenset(path for path in schema if not path.endswith("__c"))

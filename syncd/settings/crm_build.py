"""Make the domain's CrmMap and the connections of config/crm.yaml.

Every problem is added to the file; the result counts only when there are none.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

from syncd.domain.mapping import CrmMap, SideMap
from syncd.domain.names import FieldName, System
from syncd.domain.stage import Stage
from syncd.settings.connection_file import ConnectionsPart, SalesforceConnectionPart
from syncd.settings.connections import (
    Connections,
    HubspotConnection,
    SalesforceAuth,
    SalesforceConnection,
    SlackConnection,
)
from syncd.settings.conversion import CONVERTED_KIND, CONVERTED_PATH
from syncd.settings.crm_file import CrmFile
from syncd.settings.field_map import build_fields, mark_name
from syncd.settings.fitting import Fitted
from syncd.settings.problem import Path, did_you_mean
from syncd.settings.stage_lines import SidePart, build_lines
from syncd.settings.store_file import StorePart

_SHARED_HOSTS = frozenset({"login", "test"})
_HUBSPOT_RECORD = "https://app.hubspot.com/contacts/{portal}/record/0-1/{{id}}"
_KINDS = {System.SALESFORCE: "Lead", System.HUBSPOT: "contact"}


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltCrm:
    crm: CrmMap
    connections: Connections


def build_crm(file: Fitted[CrmFile]) -> BuiltCrm | None:
    """None when the file cannot be read at all."""
    return _Builder(file, file.model).build() if file.model else None


@dataclass(frozen=True, slots=True)
class _Builder:
    file: Fitted[CrmFile]
    model: CrmFile

    def build(self) -> BuiltCrm:
        fields = build_fields(self.file, self.model)
        connections = self._connections(self.model.connections)
        crm = CrmMap(
            sides={
                System.SALESFORCE: self._side(System.SALESFORCE, self.model.salesforce),
                System.HUBSPOT: self._side(System.HUBSPOT, self.model.hubspot),
            },
            fields=fields,
            marks={mark: mark_name(mark) for mark in self.model.marks},
            name=tuple(map(FieldName, self.model.shown.name)),
            company=FieldName(self.model.shown.company) if self.model.shown.company else None,
            source=FieldName(self.model.shown.source) if self.model.shown.source else None,
            create_in=self.model.create_in,
            propose_by=tuple(map(FieldName, self.model.propose_by)),
        )
        self._check_store(self.model.store)
        self._named_exist()
        self._check_creation()
        return BuiltCrm(crm=crm, connections=connections)

    def _side(self, system: System, part: SidePart) -> SideMap:
        url = part.record_url or self._record_url(system)
        self._check_record_url(part.at("record_url"), part.record_url)
        return SideMap(
            system=system,
            kind=_KINDS[system],
            stages=build_lines(system, part, self.file),
            email=part.email,
            extra_emails=part.extra_emails,
            external_id=part.external_id,
            other_id=part.other_id,
            fixed_when=part.fixed_when,
            record_url=url,
            overlap=part.overlap,
            converted_kind=CONVERTED_KIND if system is System.SALESFORCE else None,
            converted_path=CONVERTED_PATH if system is System.SALESFORCE else "",
            owners={here.lower(): known.lower() for here, known in part.owners.items()},
            share=part.api_share,
            lost_reason=part.lost_reason,
        )

    def _check_creation(self) -> None:
        """A record is made under syncd's own id, so that a repeat finds the first one."""
        for system, stage in self.model.create_in.items():
            side = self.model.salesforce if system is System.SALESFORCE else self.model.hubspot
            if side.external_id is None:
                what = f"records made in {system.label} could be made twice"
                next_step = f"name a unique field as external_id under {system.value}"
                self.file.fault(("create_in", system.value), what, next_step)
            if stage is Stage.NONE:
                what = '"none" is no stage a lead can reach'
                self.file.fault(("create_in", system.value), what, "name a stage, such as mql")

    def _record_url(self, system: System) -> str:
        """Made from what is known of the org or portal."""
        if system is System.HUBSPOT:
            return _HUBSPOT_RECORD.format(portal=self.model.connections.hubspot.portal_id)
        domain = self.model.connections.salesforce.domain
        is_jwt = self.model.connections.salesforce.auth is SalesforceAuth.JWT
        if domain in _SHARED_HOSTS and is_jwt:  # otherwise the login is told to be wrong
            what = f'links to records cannot be made from the domain "{domain}"'
            next_step = (
                "add record_url: https://YOUR-DOMAIN.lightning.force.com/lightning/r/Lead/{id}/view"
            )
            self.file.fault(self.model.salesforce.at(), what, next_step, on_key=True)
        return f"https://{domain}.salesforce.com/{{id}}"

    def _check_record_url(self, path: Path, url: str | None) -> None:
        if url is None:
            return
        try:
            is_whole = "probe" in url.format(id="probe")
        except (KeyError, IndexError, ValueError):
            is_whole = False
        if not is_whole or urlsplit(url).scheme not in ("http", "https"):
            what = "this is not an address with {id} in it"
            self.file.fault(path, what, "write it as https://…/{id}")

    def _connections(self, part: ConnectionsPart) -> Connections:
        self._check_login(part.salesforce)
        return Connections(
            salesforce=SalesforceConnection(
                domain=part.salesforce.domain,
                auth=part.salesforce.auth,
                base_url=part.salesforce.base_url,
                api_version=part.salesforce.api_version,
            ),
            hubspot=HubspotConnection(
                base_url=part.hubspot.base_url,
                portal_id=part.hubspot.portal_id,
                app_id=part.hubspot.app_id,
            ),
            slack=SlackConnection(base_url=part.slack.base_url, channels=part.slack.channels),
        )

    def _check_login(self, part: SalesforceConnectionPart) -> None:
        is_shared = part.domain in _SHARED_HOSTS and part.base_url is None
        if is_shared and part.auth is SalesforceAuth.CLIENT_CREDENTIALS:
            what = f'"{part.domain}" takes no client credentials'
            self.file.fault(part.at("domain"), what, "write the org's My Domain, or auth: jwt")

    def _check_store(self, part: StorePart) -> None:
        if part.url is not None and "path" in part.model_fields_set:
            what = "the store is said to be in a file and in a database"
            self.file.fault(part.at("path"), what, "leave out path, or url")

    def _named_exist(self) -> None:
        """Fields that are named elsewhere must be in the field map."""
        shown, known = self.model.shown, self.file.source.names("fields")
        places = [(shown.at("name", number), name) for number, name in enumerate(shown.name)]
        places += [(shown.at(k), v) for k in ("company", "source") if (v := getattr(shown, k))]
        places += [(("propose_by", n), name) for n, name in enumerate(self.model.propose_by)]
        for path, name in places:
            if name not in known:
                what = f'unknown field "{name}"'
                self.file.fault(path, what, did_you_mean(name, known))

"""The composition root of an assessment: both CRMs, looked at by whoever has credentials.

Beside `app`, which wires the daemon. Needs no configuration; what there is of one is used.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from syncd.adapters.hubspot.crm import HubSpot
from syncd.adapters.salesforce.adapter import Salesforce
from syncd.adapters.store.store import SqlStore, open_store
from syncd.domain.mapping import CrmMap
from syncd.domain.names import System
from syncd.errors import ConfigError
from syncd.jobs.assess import Visit, look
from syncd.measure.assess.guess import first_map, guessed_map, reasons_of, with_reasons
from syncd.measure.assess.sight import Sight
from syncd.ports import Clock
from syncd.settings.as_far import AsFar, as_far_as_sound
from syncd.settings.connections import (
    Connections,
    HubspotConnection,
    SalesforceAuth,
    SalesforceConnection,
    SlackConnection,
)
from syncd.settings.secrets import Secrets, missing_crm_secrets
from syncd.wiring import Source, connect_crms

_API_VERSION = "62.0"
_HUBSPOT = "https://api.hubapi.com"
Both = Mapping[System, Salesforce | HubSpot]
Told = Callable[[System, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where the CRMs are, for who has no crm.yaml: a My Domain or an address, and an address."""

    salesforce: str | None = None
    hubspot: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reach:
    crm: CrmMap
    connections: Connections
    secrets: Secrets


def sight_of(source: Source, address: Address, *, clock: Clock, told: Told) -> Sight:
    """Everything there is to see. ConfigError when credentials or addresses are missing."""
    known = as_far_as_sound(source.config_dir, source.environ, source.credentials_dir)
    connections = _connections(known, address)
    _insist_on_credentials(known.secrets, connections.salesforce.auth)

    def connect(crm: CrmMap) -> Both:
        reach = _Reach(crm=crm, connections=connections, secrets=known.secrets)
        salesforce, hubspot = connect_crms(reach, clock, source.timeouts)
        return {System.SALESFORCE: salesforce, System.HUBSPOT: hubspot}

    schemas = {s: x.schema() for s, x in connect(known.crm or first_map()).items()}
    crm = with_reasons(known.crm or guessed_map(schemas), schemas)
    crms = connect(crm)
    with _links(known) as links:
        visit = Visit(
            crms=crms,
            inspectors={s: x.inspector for s, x in crms.items()},
            crm=crm,
            guessed=known.crm is None,
            reasons=reasons_of(crm),
            standard=known.standard,
            policy=known.policy,
            lacking=known.lacking,
            links=links,
        )
        return look(visit, told, now=clock.now())


def _connections(known: AsFar, address: Address) -> Connections:
    """What is typed counts for more than what is written."""
    written = known.connections
    if written and not (address.salesforce or address.hubspot):
        return written
    if not written and not address.salesforce:
        raise ConfigError(
            (
                "where is Salesforce? Give --salesforce with the My Domain (example.my) or the "
                "address of a stand-in, or --config with a directory that has a crm.yaml",
            )
        )
    return Connections(
        salesforce=_salesforce(address.salesforce, known.secrets)
        if address.salesforce or not written
        else written.salesforce,
        hubspot=HubspotConnection(
            base_url=address.hubspot or (written.hubspot.base_url if written else _HUBSPOT),
            portal_id=written.hubspot.portal_id if written else "",
            app_id=written.hubspot.app_id if written else None,
        ),
        slack=SlackConnection(base_url="", channels={}),
    )


def _salesforce(place: str | None, secrets: Secrets) -> SalesforceConnection:
    text = (place or "").strip()
    is_url = bool(urlsplit(text).scheme)
    auth = SalesforceAuth.JWT if secrets.salesforce_private_key else None
    return SalesforceConnection(
        domain="example.my" if is_url else text.removesuffix(".salesforce.com"),
        auth=auth or SalesforceAuth.CLIENT_CREDENTIALS,
        base_url=text if is_url else None,
        api_version=_API_VERSION,
    )


def _insist_on_credentials(secrets: Secrets, auth: SalesforceAuth) -> None:
    missing = missing_crm_secrets(secrets, auth)
    if missing:
        raise ConfigError(
            tuple(f"{name} is not set: put it into the environment" for name in missing)
        )


@contextmanager
def _links(known: AsFar) -> Iterator[SqlStore | None]:
    """syncd's own links, where there is a store."""
    place = known.store
    if place is None or (isinstance(place, Path) and not place.exists()):
        yield None
        return
    store = open_store(place, read_only=True)
    try:
        yield store
    finally:
        store.close()

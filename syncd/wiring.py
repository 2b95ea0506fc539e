"""Adapters made of settings, and put together for jobs. With `app` and its neighbours, which say
what is done with them, the only place that wires. Nothing is asked of anybody yet.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from socket import gethostname
from typing import Protocol

from syncd.adapters.hubspot.connection import ContactView, HubSpotConnection
from syncd.adapters.hubspot.crm import HubSpot, connect_hubspot
from syncd.adapters.salesforce.adapter import Salesforce, connect_salesforce
from syncd.adapters.salesforce.connection import Auth, ClientCredentials, Jwt, SalesforceConnection
from syncd.adapters.slack.connect import connect_slack
from syncd.adapters.slack.connection import (
    BotConnection,
    ListenConnection,
    WebhookConnection,
)
from syncd.adapters.slack.listener import SlackListener
from syncd.adapters.slack.mute import Mute
from syncd.adapters.slack.talk import talk_of
from syncd.adapters.store.store import SqlStore, open_store
from syncd.adapters.transport.session import Timeouts
from syncd.core.judge import Judge
from syncd.domain.mapping import CrmMap
from syncd.domain.names import System
from syncd.errors import ConfigError, LeaseLost
from syncd.jobs.fenced import FencedMessenger, FencedTarget
from syncd.jobs.pair import Pair, Rules
from syncd.ports import Clock, Crm, Messenger
from syncd.settings.connections import Connections, SalesforceAuth
from syncd.settings.load import Settings, load
from syncd.settings.secrets import Secrets, missing_crm_secrets, missing_secrets

LEASE = timedelta(minutes=10)


class Reach(Protocol):
    """What it takes to reach both CRMs: settings have it, and so has who has no settings yet."""

    @property
    def crm(self) -> CrmMap: ...

    @property
    def connections(self) -> Connections: ...

    @property
    def secrets(self) -> Secrets: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where the configuration comes from, so that it can be read again; and how long to
    wait for a CRM that says nothing."""

    config_dir: Path
    environ: Mapping[str, str]
    credentials_dir: Path | None
    timeouts: Timeouts = field(default_factory=Timeouts)

    def load(self) -> Settings:
        return load(self.config_dir, self.environ, self.credentials_dir)


def look_at_crms(source: Source, settings: Settings, *, clock: Clock) -> Mapping[System, Crm]:
    """Both CRMs, for whoever only looks. Nothing is asked of them yet."""
    salesforce, hubspot = connect_crms(settings, clock, source.timeouts)
    return {System.SALESFORCE: salesforce, System.HUBSPOT: hubspot}


def open_crms(
    source: Source, settings: Settings, *, clock: Clock
) -> Mapping[System, Salesforce | HubSpot]:
    """Both CRMs, for whoever only measures. ConfigError when a secret of theirs is missing."""
    insist_on_crm_secrets(settings)
    salesforce, hubspot = connect_crms(settings, clock, source.timeouts)
    return {System.SALESFORCE: salesforce, System.HUBSPOT: hubspot}


def insist_on_secrets(settings: Settings) -> None:
    _insist(missing_secrets(settings.secrets, settings.connections.salesforce.auth))


def insist_on_crm_secrets(settings: Settings) -> None:
    """For whoever only looks: Slack is not needed for that."""
    _insist(missing_crm_secrets(settings.secrets, settings.connections.salesforce.auth))


def _insist(missing: Sequence[str]) -> None:
    if missing:
        raise ConfigError(tuple(f"{name} is not set; see config/REFERENCE.md" for name in missing))


def take_lease(store: SqlStore, now: datetime) -> None:
    """The lock keeps a second worker of this name out, so a name is enough here."""
    if not store.acquire(holder=gethostname(), now=now, span=LEASE):
        store.close()
        raise LeaseLost("another worker holds the lease of this store; it ends by itself")


def pair_of(settings: Settings, store: SqlStore, clock: Clock, timeouts: Timeouts) -> Pair:
    salesforce, hubspot = connect_crms(settings, clock, timeouts)
    return Pair(
        crms={System.HUBSPOT: hubspot, System.SALESFORCE: salesforce},
        deals={System.HUBSPOT: hubspot, System.SALESFORCE: salesforce},
        targets={
            System.HUBSPOT: FencedTarget(hubspot, store),
            System.SALESFORCE: FencedTarget(salesforce, store),
        },
        messenger=FencedMessenger(_connect_slack(settings, clock), store),
        store=store,
        rules=Rules(
            standard=settings.standard,
            judge=Judge(settings.standard),
            policy=settings.policy,
            crm=settings.crm,
            enforce_from=settings.policy.enforce_from or store.start(clock.now()),
            reconcile_every=settings.reconcile_every,
            accounts={System.HUBSPOT: settings.connections.hubspot.portal_id},
        ),
    )


def connect_crms(settings: Reach, clock: Clock, timeouts: Timeouts) -> tuple[Salesforce, HubSpot]:
    return salesforce_of(settings, clock, timeouts), hubspot_of(settings, clock, timeouts)


def salesforce_of(settings: Reach, clock: Clock, timeouts: Timeouts) -> Salesforce:
    """Nothing is asked of it yet. ConfigError for credentials that could never work."""
    crm, connection = settings.crm, settings.connections.salesforce
    return connect_salesforce(
        SalesforceConnection(
            domain=connection.domain,
            auth=_salesforce_auth(settings),
            base_url=connection.base_url,
            api_version=connection.api_version,
        ),
        side=crm.sides[System.SALESFORCE],
        properties=crm.properties(System.SALESFORCE),
        clock=clock,
        timeouts=timeouts,
    )


def hubspot_of(settings: Reach, clock: Clock, timeouts: Timeouts) -> HubSpot:
    """Nothing is asked of it yet."""
    crm, connection = settings.crm, settings.connections.hubspot
    side = crm.sides[System.HUBSPOT]
    return connect_hubspot(
        HubSpotConnection(
            access_token=settings.secrets.hubspot_token or "",
            base_url=connection.base_url,
            app_id=connection.app_id,
            timeouts=timeouts,
        ),
        view=ContactView(
            kind=side.kind,
            properties=crm.properties(System.HUBSPOT),
            stage_properties=crm.stage_properties(System.HUBSPOT),
            external_id=side.external_id,
            owners=side.owners,
            lost_reason=side.lost_reason,
        ),
        clock=clock,
    )


def _salesforce_auth(settings: Reach) -> Auth:
    secrets = settings.secrets
    if settings.connections.salesforce.auth is SalesforceAuth.JWT:
        return Jwt(
            client_id=secrets.salesforce_client_id or "",
            username=secrets.salesforce_username or "",
            private_key=secrets.salesforce_private_key or "",
        )
    return ClientCredentials(
        client_id=secrets.salesforce_client_id or "",
        client_secret=secrets.salesforce_client_secret or "",
    )


def _connect_slack(settings: Settings, clock: Clock) -> Messenger:
    """Without a secret for it nothing can be told; the daemon does not start like that."""
    bot, webhook = bot_of(settings), settings.secrets.slack_webhook
    if bot is None and not webhook:
        return Mute()
    return connect_slack(bot or WebhookConnection(url=webhook or ""), clock=clock)


def connect_listener(settings: Settings, clock: Clock) -> SlackListener | None:
    """Its orders go into the store by a connection of its own: it works beside the cycle."""
    bot, app_token = bot_of(settings), settings.secrets.slack_app_token
    if bot is None or not app_token:
        return None
    return SlackListener(
        ListenConnection(app_token=app_token, bot=bot),
        talk_of(settings.standard, settings.policy, settings.crm),
        tray=open_store(settings.store),
        clock=clock,
    )


def bot_of(settings: Settings) -> BotConnection | None:
    """None where a webhook does, or nothing is set."""
    secrets = settings.secrets
    if not secrets.slack_token:
        return None
    return BotConnection(
        bot_token=secrets.slack_token,
        base_url=settings.connections.slack.base_url,
        listens=bool(secrets.slack_app_token),
    )

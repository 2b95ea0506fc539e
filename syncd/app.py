"""The composition root: builds adapters from settings, hands them to jobs, runs the ticks.

The only place that wires. A `Worker` carries out cycles for one pair; `serve` ticks it
until told to stop.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from socket import gethostname
from tempfile import TemporaryDirectory

import structlog

from syncd.adapters.hostlock import HostLock
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
from syncd.adapters.slack.talk import talk_of
from syncd.adapters.store.copying import copy_store
from syncd.adapters.store.postgresql import SessionLock
from syncd.adapters.store.store import SqlStore, open_store
from syncd.adapters.transport.session import Timeouts
from syncd.core.alerting_ops import config_alert
from syncd.core.context import Context
from syncd.core.judge import Judge
from syncd.core.preview import checksum_of
from syncd.core.replay import Replayed
from syncd.core.waking import Waking
from syncd.domain.action import SendAlert
from syncd.domain.names import System
from syncd.domain.preview import Preview
from syncd.errors import ConfigError, LeaseLost, StoreError, SyncdError
from syncd.jobs.apply_preview import Applied, apply_preview
from syncd.jobs.backfill import Told, backfill
from syncd.jobs.cycle import CycleReport, run_cycle
from syncd.jobs.fenced import FencedMessenger, FencedTarget
from syncd.jobs.pair import Pair, Rules
from syncd.jobs.recent import Recent
from syncd.jobs.rehearse import Rehearsal, rehearse
from syncd.jobs.replay import replay_since
from syncd.jobs.wakes import look_for_waking
from syncd.ports import AutomationReader, Clock, Crm, Messenger
from syncd.settings.connections import SalesforceAuth
from syncd.settings.load import Settings, content_digest, load
from syncd.settings.secrets import missing_secrets
from syncd.store_ports import StoreLock, StorePlace

log = structlog.get_logger()

LEASE = timedelta(minutes=10)

_ONLY_WRITER = (
    "while a worker runs it is the only writer, and carries out by itself what it decides; "
    "a preview is applied where none runs"
)


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


class Worker:
    """One pair of CRMs, one store, one cycle at a time."""

    def __init__(
        self, source: Source, settings: Settings, *, store: SqlStore, clock: Clock, lock: StoreLock
    ) -> None:
        self.store = store
        self.settings = settings
        self._source = source
        self._clock = clock
        self._lock = lock
        self._recent = Recent()
        self._mistakes: tuple[SendAlert, ...] = ()
        self._digest = settings.digest
        self._pair = _pair(settings, store, clock, source.timeouts)
        self._listener: SlackListener | None = None

    def listen(self) -> None:
        """Hear what people answer in Slack, where its app has a token for that. The work goes
        on without it."""
        try:
            self._listener = _connect_listener(self.settings, self._clock)
        except SyncdError as error:
            log.warning("slack_not_listening", reason=str(error))
        if self._listener is not None:
            self._listener.start()

    def stop_listening(self) -> None:
        if self._listener is not None:
            self._listener.stop()
            self._listener = None

    @property
    def hears(self) -> bool | None:
        """Whether Slack's line is connected; None where nobody listens to it."""
        return self._listener.is_connected if self._listener is not None else None

    def cycle(self, *, stopping: Callable[[], bool] = lambda: False) -> CycleReport:
        """Everything there is to do now. LeaseLost when another worker took over."""
        now = self._clock.now()
        self.store.renew(now=now, span=LEASE)
        self._reload_if_changed(now)
        report = run_cycle(
            self._pair, self._recent, now=now, stopping=stopping, mistakes=self._mistakes
        )
        log.info(
            "cycle_finished",
            records=report.records,
            leads=report.leads,
            due=report.due,
            delivered=report.delivered,
            swept=report.swept,
            missed=report.missed,
            silent=report.silent,
            erased=report.erased,
            down=sorted(report.down),
        )
        return report

    def backfill(self, told: Told) -> None:
        """Link and baseline all there is in both CRMs; nothing is written to either."""
        backfill(self._pair, self._clock, lease=LEASE, told=told)

    def _reload_if_changed(self, now: datetime) -> None:
        """New settings are taken whole or not at all; a bad file leaves the old ones in force."""
        digest = content_digest(self._source.config_dir)
        if digest == self._digest:
            return
        self._digest = digest
        try:
            settings = self._source.load()
            _insist_on_secrets(settings)
            self._pair = _pair(settings, self.store, self._clock, self._source.timeouts)
        except ConfigError as error:
            log.error("config_refused", problems=len(error.problems))
            self._mistakes = (config_alert(error.problems, now=now),)
            return
        self._mistakes = ()
        if (settings.store, settings.web) != (self.settings.store, self.settings.web):
            log.warning("restart_needed", reason="store or web.address changed")
        self.settings = settings
        if self._listener is not None:
            self._listener.learn(talk_of(settings.standard, settings.policy, settings.crm))
        self._recent.forget()
        log.info("config_reloaded", digest=digest, standard=settings.standard.version)

    def close(self) -> None:
        self.stop_listening()
        self.store.release()
        self.store.close()
        self._lock.release()


def open_worker(source: Source, *, clock: Clock) -> Worker:
    """A worker that holds the lease. ConfigError, StoreError and LeaseLost say what is wrong."""
    settings = source.load()
    _insist_on_secrets(settings)
    lock = lock_store(settings.store)
    try:
        store = open_store(settings.store)
        _take_lease(store, clock.now())
        store.start(clock.now())
        return Worker(source, settings, store=store, clock=clock, lock=lock)
    except BaseException:
        lock.release()
        raise


def lock_store(place: StorePlace) -> StoreLock:
    """Keep a second worker that would call itself the same away. StoreError when there is one."""
    if isinstance(place, Path):
        return HostLock(place)
    return SessionLock(place, holder=gethostname())


def preview(source: Source, *, clock: Clock) -> tuple[Rehearsal, Preview]:
    """What a cycle would do now, found out on a copy of the store. Writes to no CRM. Gates that
    nobody looked at yet are shown as they are to be."""
    settings = source.load()
    _insist_on_secrets(settings)
    shown = replace(settings, policy=replace(settings.policy, unpreviewed=frozenset()))
    now = clock.now()
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "preview.db"
        copy_store(settings.store, copy)
        store = open_store(copy)
        try:
            store.acquire(holder=gethostname(), now=now, span=LEASE)
            found = rehearse(_pair(shown, store, clock, source.timeouts), now=now)
        finally:
            store.close()
    checksum = checksum_of(found.leads, settings.digest)
    made = Preview(checksum=checksum, made_at=now, config=settings.digest, leads=found.leads)
    _keep(settings.store, made)
    return found, made


def _keep(place: StorePlace, made: Preview) -> None:
    """Where there is a store: without one there is nothing to apply it to."""
    if isinstance(place, Path) and not place.exists():
        return
    store = open_store(place)
    try:
        store.keep(made)
    finally:
        store.close()


def apply_kept(source: Source, checksum: str, *, by: str, clock: Clock) -> Applied:
    """Carry out what is still as it was previewed. SyncdError where a worker is at work: it is
    the only writer; or where there is no such preview of this configuration."""
    settings = source.load()
    _insist_on_secrets(settings)
    try:
        lock = lock_store(settings.store)
    except StoreError as error:
        raise SyncdError(f"{error}: {_ONLY_WRITER}") from error
    try:
        store = open_store(settings.store)
        _take_lease(store, clock.now())
        try:
            kept = _kept(store, checksum, settings)
            pair = _pair(settings, store, clock, source.timeouts)
            return apply_preview(pair, kept, by=by, now=clock.now())
        finally:
            store.release()
            store.close()
    finally:
        lock.release()


def _kept(store: SqlStore, checksum: str, settings: Settings) -> Preview:
    kept = store.preview(checksum)
    if kept is None:
        raise SyncdError(f"no preview {checksum} is kept here: run `syncd plan` for a new one")
    if kept.config != settings.digest:
        raise SyncdError(
            f"the configuration changed since the preview {checksum} was made; nothing was "
            "written. Run `syncd plan` again, and look at what it shows now"
        )
    return kept


def replay_of(
    source: Source, since: datetime, *, clock: Clock, told: Callable[[System, int], None]
) -> Iterator[Replayed]:
    """What the standard of today would have done with every move since then. Writes nothing,
    and needs no store."""
    settings = source.load()
    _insist_on_secrets(settings)
    ctx = Context(
        standard=settings.standard,
        judge=Judge(settings.standard),
        policy=settings.policy,
        crm=settings.crm,
        enforce_from=since,
        now=clock.now(),
        fresh=None,
    )
    return replay_since(look_at_crms(source, settings, clock=clock), ctx, told=told)


def waking_of(source: Source, *, clock: Clock) -> Mapping[System, Waking]:
    """The automations that wake up when this configuration writes."""
    settings = source.load()
    salesforce, hubspot = _connect_crms(settings, clock, source.timeouts)
    readers: Mapping[System, AutomationReader] = {
        System.SALESFORCE: salesforce,
        System.HUBSPOT: hubspot,
    }
    return look_for_waking(readers, settings.crm, settings.policy)


def look_at_crms(source: Source, settings: Settings, *, clock: Clock) -> Mapping[System, Crm]:
    """Both CRMs, for whoever only looks. Nothing is asked of them yet."""
    salesforce, hubspot = _connect_crms(settings, clock, source.timeouts)
    return {System.SALESFORCE: salesforce, System.HUBSPOT: hubspot}


def open_crms(
    source: Source, settings: Settings, *, clock: Clock
) -> Mapping[System, Salesforce | HubSpot]:
    """Both CRMs, for whoever only measures. ConfigError when a secret is missing."""
    _insist_on_secrets(settings)
    salesforce, hubspot = _connect_crms(settings, clock, source.timeouts)
    return {System.SALESFORCE: salesforce, System.HUBSPOT: hubspot}


def _insist_on_secrets(settings: Settings) -> None:
    missing = missing_secrets(settings.secrets, settings.connections.salesforce.auth)
    if missing:
        raise ConfigError(tuple(f"{name} is not set; see config/REFERENCE.md" for name in missing))


def _take_lease(store: SqlStore, now: datetime) -> None:
    """The lock keeps a second worker of this name out, so a name is enough here."""
    if not store.acquire(holder=gethostname(), now=now, span=LEASE):
        store.close()
        raise LeaseLost("another worker holds the lease of this store; it ends by itself")


def _pair(settings: Settings, store: SqlStore, clock: Clock, timeouts: Timeouts) -> Pair:
    salesforce, hubspot = _connect_crms(settings, clock, timeouts)
    return Pair(
        crms={System.HUBSPOT: hubspot, System.SALESFORCE: salesforce},
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


def _connect_crms(
    settings: Settings, clock: Clock, timeouts: Timeouts
) -> tuple[Salesforce, HubSpot]:
    return salesforce_of(settings, clock, timeouts), hubspot_of(settings, clock, timeouts)


def salesforce_of(settings: Settings, clock: Clock, timeouts: Timeouts) -> Salesforce:
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


def hubspot_of(settings: Settings, clock: Clock, timeouts: Timeouts) -> HubSpot:
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
        ),
        clock=clock,
    )


def _salesforce_auth(settings: Settings) -> Auth:
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
    bot = bot_of(settings)
    return connect_slack(
        bot or WebhookConnection(url=settings.secrets.slack_webhook or ""), clock=clock
    )


def _connect_listener(settings: Settings, clock: Clock) -> SlackListener | None:
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

"""The composition root of a check-up: the daemon's adapters, asked instead of put to work.

Beside `app`, which wires the daemon. Whatever is wrong becomes a finding; nothing is raised
for it.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

from syncd.adapters.hubspot.crm import HubSpot
from syncd.adapters.salesforce.adapter import Salesforce
from syncd.adapters.slack.inspecting import BotInspector
from syncd.adapters.store.condition import look_at_store
from syncd.adapters.store.store import open_store
from syncd.adapters.transport.session import Timeouts
from syncd.core.doctor import ailments
from syncd.core.doctor.examine import examine as held_against
from syncd.core.doctor.facts import Setup
from syncd.core.doctor.finding import Finding
from syncd.domain.names import System
from syncd.errors import ConfigError
from syncd.jobs.doctor import Surgery, look
from syncd.office_ports import CrmInspector, SlackInspector
from syncd.ports import Clock, Crm
from syncd.settings.load import Settings, examine
from syncd.settings.secrets import missing_crm_secrets, missing_secrets
from syncd.store_ports import StorePlace
from syncd.wiring import Source, bot_of, hubspot_of, salesforce_of

Connected = tuple[Crm, CrmInspector]


def check_up(source: Source, *, clock: Clock) -> tuple[Finding, ...]:
    """Everything that is wrong, as far as it can be seen from this machine."""
    examined = examine(source.config_dir, source.environ, source.credentials_dir)
    settings = examined.settings
    if settings is None:
        return tuple(
            ailments.CONFIGURATION_INVALID.found(
                problem.message, f"{problem.file}:{problem.line}:{problem.column}"
            )
            for problem in examined.problems
        )
    return look_around(settings, source.timeouts, clock)


def look_around(settings: Settings, timeouts: Timeouts, clock: Clock) -> tuple[Finding, ...]:
    """Everything that is wrong with the world, and with a sound configuration in it."""
    refused: list[Finding] = []
    crms = _connect(settings, timeouts, clock, refused)
    surgery = Surgery(
        crms=crms,
        slack=_slack(settings, clock, refused),
        store=lambda: look_at_store(settings.store),
        known_accounts=lambda: _accounts(settings.store),
    )
    facts = look(surgery, _setup(settings), now=clock.now())
    return (*refused, *held_against(facts))


def _connect(
    settings: Settings, timeouts: Timeouts, clock: Clock, refused: list[Finding]
) -> Mapping[System, Connected]:
    """Those there are credentials for; of others it is said already what to set."""
    missing = " ".join(missing_crm_secrets(settings.secrets, settings.connections.salesforce.auth))
    ways: Mapping[System, Callable[[], Connected]] = {
        System.SALESFORCE: lambda: _asked(salesforce_of(settings, clock, timeouts)),
        System.HUBSPOT: lambda: _asked(hubspot_of(settings, clock, timeouts)),
    }
    connected: dict[System, Connected] = {}
    for system, connect in ways.items():
        if system.name in missing:
            continue
        try:
            connected[system] = connect()
        except ConfigError as error:
            refused.append(ailments.CONFIGURATION_INVALID.found(str(error), system.label))
    return connected


def _asked(crm: Salesforce | HubSpot) -> Connected:
    return crm, crm.inspector


def _slack(settings: Settings, clock: Clock, refused: list[Finding]) -> SlackInspector | None:
    """None for a webhook, which cannot be asked anything."""
    bot = bot_of(settings)
    if bot is None:
        return None
    try:
        return BotInspector(bot, settings.secrets.slack_app_token, clock)
    except ConfigError as error:
        refused.append(ailments.CONFIGURATION_INVALID.found(str(error), "Slack"))
        return None


def _accounts(place: StorePlace) -> Mapping[System, str]:
    """Nothing where there is no store yet."""
    if isinstance(place, Path) and not place.is_file():
        return {}
    store = open_store(place, read_only=True)
    try:
        return {system: side.account for system, side in store.sides().items() if side.account}
    finally:
        store.close()


def _setup(settings: Settings) -> Setup:
    connections = settings.connections
    return Setup(
        standard=settings.standard,
        policy=settings.policy,
        crm=settings.crm,
        channels=connections.slack.channels,
        accounts={System.HUBSPOT: connections.hubspot.portal_id},
        poll_every=settings.poll_every,
        app_id=connections.hubspot.app_id,
        missing=missing_secrets(settings.secrets, connections.salesforce.auth),
    )

"""The composition root of provisioning: the daemon's adapters, asked to set their CRM up."""

from syncd.core.wanted import wanted
from syncd.domain.names import System
from syncd.errors import ConfigError
from syncd.jobs.provision import Site
from syncd.ports import Clock
from syncd.settings.load import Settings
from syncd.settings.secrets import missing_crm_secrets
from syncd.wiring import Source, hubspot_of, salesforce_of


def open_site(source: Source, clock: Clock) -> Site:
    """Nothing is asked of either CRM yet. ConfigError for what could never work."""
    settings = source.load()
    _insist_on_credentials(settings)
    return Site(
        wanted=wanted(settings.policy, settings.crm),
        crm=settings.crm,
        provisioners={
            System.SALESFORCE: salesforce_of(settings, clock, source.timeouts).provisioner,
            System.HUBSPOT: hubspot_of(settings, clock, source.timeouts).provisioner,
        },
    )


def _insist_on_credentials(settings: Settings) -> None:
    missing = missing_crm_secrets(settings.secrets, settings.connections.salesforce.auth)
    if missing:
        named = ", ".join(missing)
        raise ConfigError((f"provisioning signs in to both CRMs: set {named}",))

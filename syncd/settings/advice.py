"""Warnings about a sound configuration: things an admin should know before a run.

None of them stops anything. Must not be used to hide a problem.
"""

from collections.abc import Iterable
from datetime import date
from urllib.parse import urlsplit

from syncd.core.previewed import outdated
from syncd.core.rejection import REJECTION_REASON, options_without_reason
from syncd.core.signing import reasons_not_in_force
from syncd.core.value_words import listed
from syncd.core.variant_survey import survey_variants
from syncd.domain.policy import Mode
from syncd.domain.standard import Gate, RulePoints, Standard
from syncd.settings.load import Settings
from syncd.settings.secrets import ENVIRONMENT, missing_secrets
from syncd.settings.urls import is_loopback


def advice(settings: Settings, *, today: date) -> tuple[str, ...]:
    """Every warning, what to do next included; the weightiest first."""
    return (
        *_secrets(settings),
        *_signatures(settings.standard, today),
        *_modes(settings),
        *_unused_rules(settings.standard),
        *_overlaps(settings),
        *_rejections(settings.standard),
        *_rejection_options(settings),
        *_network(settings),
    )


def _secrets(settings: Settings) -> Iterable[str]:
    for name in missing_secrets(settings.secrets, settings.connections.salesforce.auth):
        yield f"{name} is not set; `syncd run` needs it in the environment or as a credential file"
    secrets = settings.secrets
    if secrets.slack_app_token and not secrets.slack_token:
        yield (
            f"{ENVIRONMENT['slack_app_token']} is set without {ENVIRONMENT['slack_token']}: "
            "messages get no buttons, and nobody listens"
        )
    if secrets.slack_token and not secrets.slack_app_token:
        yield (
            f"{ENVIRONMENT['slack_app_token']} is not set: messages in Slack have no buttons "
            "(docs/SLACK.md says how to make one)"
        )
    if secrets.slack_app_token and not secrets.slack_app_token.startswith("xapp-"):
        yield (
            f"{ENVIRONMENT['slack_app_token']} holds no app-level token, which begins with "
            "xapp-: no click will be heard"
        )


def _signatures(standard: Standard, today: date) -> Iterable[str]:
    for reason in reasons_not_in_force(standard, today=today):
        yield (
            f"standard.yaml: {reason}; every gate flags at most until it is signed "
            "(`syncd standard sign`; `syncd standard diff` compares it with an earlier file)"
        )
    for signature in standard.signatures:
        if signature.on.date() > today:
            yield (
                f"standard.yaml: the signature of {signature.name} is dated {signature.on:%Y-%m-%d}"
            )


def _modes(settings: Settings) -> Iterable[str]:
    modes = settings.policy.modes
    for stage in settings.standard.gates:
        if stage not in modes:
            yield f'policy.yaml gives no mode for the gate "{stage}": it only observes'
        elif stage in settings.policy.unpreviewed:
            yield (
                f'the gate "{stage}" is to block, but flags until somebody looked first: '
                "`syncd plan` shows what blocking would do, and prints the line for policy.yaml"
            )
        elif modes[stage] is Mode.BLOCK:
            yield (
                f'the gate "{stage}" blocks: syncd will move failing leads back; '
                "`syncd plan` shows what it would do now"
            )
    for stage in outdated(settings.standard, settings.policy.previewed):
        yield (
            f'the gate "{stage}" asks something else than when its preview was looked at: it '
            f"stays at {modes[stage]}; `syncd plan` shows what it would do now"
        )


def _unused_rules(standard: Standard) -> Iterable[str]:
    used: set[str] = set()
    for variant in standard.every_variant():
        used.update(rule for gate in variant.gates.values() for rule in _rules_of(gate))
        points = variant.scoring.points if variant.scoring else ()
        used.update(x.rule for x in points if isinstance(x, RulePoints))
    for rule in standard.rules:
        if rule not in used:
            yield f'the rule "{rule}" is used by no gate and gives no points'


def _rules_of(gate: Gate) -> Iterable[str]:
    return (*gate.all, *(gate.any.of if gate.any else ()))


def _overlaps(settings: Settings) -> Iterable[str]:
    found = survey_variants(settings.standard.variants, settings.crm.fields)
    for x in found.overlaps:
        yield (
            f'the variants "{x.first}" and "{x.second}" are both for a lead with {x.example}: '
            f'"{x.first}" gets it, being the first'
        )
    for first, second in found.unchecked:
        yield (
            f'whether the variants "{first}" and "{second}" are for the same leads was not '
            "checked: there is too much to try"
        )


def _rejections(standard: Standard) -> Iterable[str]:
    if not standard.rejections:
        yield "standard.yaml names no rejections: in Slack no lead can be given back with a reason"


def _rejection_options(settings: Settings) -> Iterable[str]:
    """A lead turned down by one of these goes back as if no reason had been given."""
    reasons = listed(settings.standard.rejections, "or") or "none"
    for option in options_without_reason(settings.crm, settings.standard):
        yield (
            f'crm.yaml: fields: {REJECTION_REASON}: the option "{option}" is no reason for a '
            f"rejection in standard.yaml ({reasons}): a lead turned down with it goes the way of "
            "one without a reason; add it there, or call it by its reason here"
        )


def _network(settings: Settings) -> Iterable[str]:
    connections = settings.connections
    urls = {
        "Salesforce": connections.salesforce.base_url,
        "HubSpot": connections.hubspot.base_url,
        "Slack": connections.slack.base_url,
    }
    for vendor, url in urls.items():
        if url and is_loopback(urlsplit(url).hostname or ""):
            yield f"{vendor} is reached at {url}: a stand-in on this machine, not the real one"
    is_webhook = settings.secrets.slack_webhook and not settings.secrets.slack_token
    if is_webhook and len(connections.slack.channels) > 1:
        yield "an incoming webhook posts to its own channel only: the other channels are unused"
    if not is_loopback(settings.web.host):
        yield (
            f"health and metrics answer on {settings.web.host}: "
            "anybody who reaches that address can read them"
        )

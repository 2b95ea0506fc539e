"""`syncd alerts`: what was told and what was not, why, and silences people place and lift."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import click

from syncd.adapters.store.store import SqlStore
from syncd.cli.alerts_page import list_lines, silence_words, why_lines
from syncd.cli.local import Local
from syncd.cli.options import (
    by_option,
    config_option,
    find_one,
    json_option,
    listing,
    not_blank,
    open_for_orders,
    open_for_reading,
    print_json,
    source_of,
)
from syncd.domain.alert import AlertKind
from syncd.domain.message import Message, Silence
from syncd.errors import SyncdError
from syncd.settings.durations import parse_elapsed
from syncd.settings.load import Settings
from syncd.settings.problem import Mistake

_LATEST = 40
_LONGEST = timedelta(days=90)


@listing
def alerts(config_dir: Path, as_json: bool) -> None:
    """Alerts decided last, newest first, and the silences in force."""
    settings = source_of(config_dir).load()
    store = open_for_reading(settings)
    found, silences = store.latest(_LATEST), store.silences(datetime.now(UTC))
    if as_json:
        print_json({"alerts": found, "silences": silences})
        return
    words = store.alerts([x.key for x in found])
    click.echo("\n".join(list_lines(found, words, silences, _local(settings))))


@alerts.command()
@click.argument("alert")
@config_option
@json_option
def why(alert: str, config_dir: Path, as_json: bool) -> None:
    """Why ALERT was sent, waits or stayed silent. It is named by its key or its short id."""
    settings = source_of(config_dir).load()
    store = open_for_reading(settings)
    found = _find(store, alert)
    if as_json:
        print_json(found)
        return
    click.echo("\n".join(why_lines(found, store.alerts([found.key]), _local(settings))))


@alerts.command()
@click.option("--kind", type=click.Choice([x.value for x in AlertKind]), help="Of this kind.")
@click.option("--channel", help="To this channel, by its name in crm.yaml.")
@click.option("--lead", help="About this lead: an email, HubSpot id or Salesforce id.")
@click.option("--for", "span", required=True, metavar="TIME", help="So long: 8h, 3 days.")
@click.option("--reason", required=True, callback=not_blank, help="Why, in words others will read.")
@by_option
@config_option
@json_option
def silence(
    kind: str | None,
    channel: str | None,
    lead: str | None,
    span: str,
    reason: str,
    by: str,
    config_dir: Path,
    as_json: bool,
) -> None:
    """Send no alerts of a kind, to a channel or about a lead, for a time. They are still made,
    and `syncd alerts` lists them."""
    if not (kind or channel or lead):
        raise SyncdError("say which alerts: give --kind, --channel or --lead")
    settings = source_of(config_dir).load()
    store = open_for_orders(settings)
    now = datetime.now(UTC)
    placed = Silence(
        id=uuid4().hex[:8],
        by=by,
        reason=reason,
        placed_at=now,
        expires_at=now + _span(span),
        kind=AlertKind(kind) if kind else None,
        channel=_channel(channel, settings) if channel else None,
        lead_id=find_one(store, lead) if lead else None,
    )
    store.silence(placed)
    says = f"Silent from now on: {silence_words(placed, _local(settings))}"
    _answer(placed, says, f"`syncd alerts unsilence {placed.id}` ends it.", as_json=as_json)


@alerts.command()
@click.argument("silence")
@by_option
@config_option
@json_option
def unsilence(silence: str, by: str, config_dir: Path, as_json: bool) -> None:
    """End SILENCE now, named by its id or how that begins. What it kept silent stays so."""
    settings = source_of(config_dir).load()
    store = open_for_orders(settings)
    now = datetime.now(UTC)
    found = [x for x in store.silences(now) if silence and x.id.startswith(silence)]
    if len(found) != 1:
        which = "several silences begin" if found else "no silence in force begins"
        raise SyncdError(f"{which} with {silence!r}: `syncd alerts` lists them")
    lifted = replace(found[0], expires_at=now, lifted_by=by)
    store.silence(lifted)
    _answer(lifted, f"Lifted: {silence_words(found[0], _local(settings))}", as_json=as_json)


def _answer(silence: Silence, *says: str, as_json: bool) -> None:
    if as_json:
        print_json(silence)
    else:
        click.echo("\n".join(says))


def _find(store: SqlStore, named: str) -> Message:
    """SyncdError where it is none, or several."""
    found = store.named(named) if named else []
    if len(found) == 1:
        return found[0]
    which = "several alerts are called" if found else "no alert is called"
    raise SyncdError(f"{which} {named!r}: `syncd alerts` lists the latest with their short ids")


def _span(text: str) -> timedelta:
    try:
        span = parse_elapsed(text)
    except Mistake as mistake:
        raise SyncdError(f"--for {text}: {mistake}") from None
    if not timedelta() < span <= _LONGEST:
        raise SyncdError(f"--for {text}: write a time of up to {_LONGEST.days} days, such as 8h")
    return span


def _channel(name: str, settings: Settings) -> str:
    """As alerts name it: Slack's own name of it."""
    channels = settings.connections.slack.channels
    if name in channels:
        return channels[name]
    if name in channels.values():
        return name
    raise SyncdError(f'no channel "{name}" in crm.yaml; there are {", ".join(channels)}')


def _local(settings: Settings) -> Local:
    return Local(settings.policy.calendar.time_zone)

"""`syncd sandbox`: serve a Salesforce org, a HubSpot portal and a Slack workspace on loopback."""

import os
import signal
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from threading import Event

import click

from syncd.cli.options import config_option, json_option, print_json
from syncd.errors import SyncdError
from syncd.sandbox.bare import strip
from syncd.sandbox.clock import WorldClock
from syncd.sandbox.connector import DEMO_FIELDS, connect
from syncd.sandbox.hubspot.apps import DEFAULT_TOKEN as HUBSPOT_TOKEN
from syncd.sandbox.people.cast import CHANNELS, hire
from syncd.sandbox.people.clicking import Clicks
from syncd.sandbox.people.desk import Desk, Setting
from syncd.sandbox.people.prospects import invent
from syncd.sandbox.serve import Fronts, serve_all
from syncd.sandbox.slack.workspace import DEFAULT_APP_TOKEN as SLACK_APP_TOKEN
from syncd.sandbox.slack.workspace import DEFAULT_TOKEN as SLACK_TOKEN
from syncd.sandbox.world import World
from syncd.settings.load import examine

_STATUSES = ("Open", "Open", "Marketing Qualified", "Working", "Nurture")


@click.command()
@click.option("--salesforce-port", default=8101, show_default=True, help="0 takes a free one.")
@click.option("--hubspot-port", default=8102, show_default=True, help="0 takes a free one.")
@click.option("--slack-port", default=8103, show_default=True, help="0 takes a free one.")
@click.option(
    "--leads", type=click.IntRange(0, 10_000), default=0, show_default=True, help="Example leads."
)
@click.option(
    "--speed",
    type=click.FloatRange(min=0),
    default=1.0,
    show_default=True,
    help="World seconds per real second; `syncd run` keeps real time, so it wants 1.",
)
@click.option("--seed", default=1, show_default=True, help="Other example leads.")
@click.option(
    "--connector",
    is_flag=True,
    help="Let the vendors' own connector mirror title and phone, as a third writer.",
)
@click.option(
    "--bare",
    is_flag=True,
    help="Without any field of the example configuration, for trying `syncd provision`.",
)
@config_option
@json_option
def sandbox(
    salesforce_port: int,
    hubspot_port: int,
    slack_port: int,
    leads: int,
    speed: float,
    seed: int,
    connector: bool,
    bare: bool,
    config_dir: Path,
    as_json: bool,
) -> None:
    """A pair of CRMs and Slack in a box, for trying a configuration against.

    Six reps, three marketers and a manager work there. Slack has the channels revops, sales
    and marketing, and those that crm.yaml in --config names.
    """
    world = World(WorldClock(start=datetime.now(UTC), rate=speed), seed=seed)
    _people(world, leads, seed)
    if bare:
        strip(world)
    if connector:
        connect(world, DEMO_FIELDS)
    for name in _channels(config_dir):
        world.slack.add_channel(name)
    fronts = _serve(world, (salesforce_port, hubspot_port, slack_port))
    try:
        if as_json:
            print_json(_settings(fronts))
        else:
            click.echo(_how_to(fronts, leads))
        _wait()
    finally:
        fronts.stop()


def _people(world: World, leads: int, seed: int) -> None:
    """The demo's colleagues, and so many leads that are in both CRMs already."""
    now = world.now()
    setting = Setting(world=world, cast=hire(world), clicks=Clicks(world), start=now)
    for number in range(1, leads + 1):
        random = Random(f"{seed}:{number}")  # noqa: S311  # made-up people, no secrets
        desk = Desk(
            setting=setting,
            random=random,
            prospect=invent(random, number, now),
            rep=random.choice(setting.cast.reps),
            marketer=random.choice(setting.cast.marketers),
        )
        desk.arrive(random.choice(_STATUSES))


def _channels(config_dir: Path) -> Iterable[str]:
    """What else the configuration names, where there is a sound one."""
    settings = examine(config_dir, os.environ, None).settings
    named = settings.connections.slack.channels.values() if settings else ()
    return sorted({name.removeprefix("#") for name in named} - set(CHANNELS))


def _serve(world: World, ports: tuple[int, int, int]) -> Fronts:
    try:
        return serve_all(world, ports=ports)
    except OSError as error:
        taken = ", ".join(str(port) for port in ports)
        raise SyncdError(
            f"one of the ports {taken} cannot be served ({error.strerror}); choose others with "
            "--salesforce-port, --hubspot-port and --slack-port"
        ) from error


def _settings(fronts: Fronts) -> dict[str, dict[str, str]]:
    return {
        "base_urls": {
            "salesforce": fronts.salesforce_url,
            "hubspot": fronts.hubspot_url,
            "slack": f"{fronts.slack_url}/api",
        },
        "environment": {
            "SYNCD_SALESFORCE_CLIENT_ID": "any",
            "SYNCD_SALESFORCE_CLIENT_SECRET": "any",
            "SYNCD_HUBSPOT_TOKEN": HUBSPOT_TOKEN,
            "SYNCD_SLACK_TOKEN": SLACK_TOKEN,
            "SYNCD_SLACK_APP_TOKEN": SLACK_APP_TOKEN,
        },
    }


def _how_to(fronts: Fronts, leads: int) -> str:
    given = _settings(fronts)
    lines = ["Serving on loopback. Under `connections` in crm.yaml, put"]
    for vendor, url in given["base_urls"].items():
        lines += [f"  {vendor}:", f"    base_url: {url}"]
    lines += ["and into the environment of syncd"]
    lines += [f"  export {name}={value}" for name, value in given["environment"].items()]
    lines += [
        f"{leads:,} leads are there; more can be made by the vendors' own APIs.",
        "At each of the three: GET and POST /_sandbox/faults and /_sandbox/clock, GET "
        "/_sandbox/requests and /_sandbox/journal. People in Slack act by POST /_sandbox/click "
        "(user, action) and /_sandbox/submit (view, values); GET /_sandbox/views and "
        "/_sandbox/whispers tell what they see.",
        "Everything is gone when it ends: Ctrl-C.",
    ]
    return "\n".join(lines)


def _wait() -> None:
    """Until Ctrl-C or SIGTERM."""
    ended = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    ended.wait()

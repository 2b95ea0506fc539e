"""Serve a whole world: one port per vendor, stopped together. It adds no behaviour of its own."""

from collections.abc import Callable
from dataclasses import dataclass

from syncd.sandbox.front import serve_front
from syncd.sandbox.hubspot import rest as hubspot
from syncd.sandbox.journal import System
from syncd.sandbox.salesforce import rest as salesforce
from syncd.sandbox.slack import rest as slack
from syncd.sandbox.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Fronts:
    """The base URLs of the three vendors; `stop` ends all of them."""

    salesforce_url: str
    hubspot_url: str
    slack_url: str
    stop: Callable[[], None]


def serve_all(
    world: World, host: str = "127.0.0.1", ports: tuple[int, int, int] = (0, 0, 0)
) -> Fronts:
    """Put the world on loopback; port 0 picks a free one (Salesforce, HubSpot, Slack)."""
    apps = {
        System.SALESFORCE: salesforce.app(world),
        System.HUBSPOT: hubspot.app(world),
        System.SLACK: slack.app(world),
    }
    running = {
        system: serve_front(app, world, system, host=host, port=port)
        for (system, app), port in zip(apps.items(), ports, strict=True)
    }

    def stop() -> None:
        for front in running.values():
            front.stop()

    return Fronts(
        salesforce_url=running[System.SALESFORCE].url,
        hubspot_url=running[System.HUBSPOT].url,
        slack_url=running[System.SLACK].url,
        stop=stop,
    )

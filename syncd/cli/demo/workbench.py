"""Puts a worker in front of a world: three loopback fronts, a configuration, a store, one clock.

The daemon here is the daemon: the same code over HTTP as against the vendors. Only base
URLs, the place of the store and, when asked for, the modes differ from the configuration
that ships beside this file.
"""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

from syncd.app import Worker, open_worker
from syncd.sandbox.hubspot.apps import DEFAULT_TOKEN as HUBSPOT_TOKEN
from syncd.sandbox.serve import Fronts, serve_all
from syncd.sandbox.slack.workspace import DEFAULT_APP_TOKEN as SLACK_APP_TOKEN
from syncd.sandbox.slack.workspace import DEFAULT_TOKEN as SLACK_TOKEN
from syncd.sandbox.world import World
from syncd.wiring import Source

_MEMORY = Path("/dev/shm")  # noqa: S108 - only a place for a directory with an unguessable name
FILES = ("standard.yaml", "policy.yaml", "crm.yaml")
SPEND = "spend.csv"


class WorldTime:
    """The world's clock as the daemon's: whoever waits moves it, and nothing happens meanwhile."""

    def __init__(self, world: World) -> None:
        self._clock = world.clock

    def now(self) -> datetime:
        return self._clock.now()

    def sleep(self, span: timedelta) -> None:
        self._clock.sleep(span.total_seconds())


@dataclass(frozen=True, slots=True, kw_only=True)
class Workbench:
    """A worker, the world it works in, and what it was configured by."""

    world: World
    worker: Worker
    source: Source


_PREVIEWED = {
    "mql": "mql-1e14d8c68e-2c1006952f-69257f",
    "sql": "sql-997575fed0-2c1006952f-422595",
}
"""What `syncd plan` of this configuration printed, without which no gate blocks."""


@contextmanager
def workbench(world: World, *, mode: str | None) -> Iterator[Workbench]:
    """`mode` replaces every gate's own mode. Everything is gone afterwards."""
    fronts = serve_all(world)
    try:
        with TemporaryDirectory(prefix="syncd-demo-", dir=_fast_directory()) as home:
            source = _source(Path(home), fronts, mode)
            worker = open_worker(source, clock=WorldTime(world))
            worker.listen()
            try:
                yield Workbench(world=world, worker=worker, source=source)
            finally:
                worker.close()
    finally:
        fronts.stop()


def _fast_directory() -> str | None:
    """Memory where the system offers it: the demo's store need not survive anything."""
    return str(_MEMORY) if os.access(_MEMORY, os.W_OK) else None


def _source(home: Path, fronts: Fronts, mode: str | None) -> Source:
    config = home / "config"
    config.mkdir()
    for name, text in (*configuration(fronts, mode).items(), (SPEND, shipped(SPEND))):
        (config / name).write_text(text, encoding="utf-8")
    environ = {
        "STATE_DIRECTORY": str(home),
        "SYNCD_SALESFORCE_CLIENT_ID": "demo",
        "SYNCD_SALESFORCE_CLIENT_SECRET": "demo",
        "SYNCD_HUBSPOT_TOKEN": HUBSPOT_TOKEN,
        "SYNCD_SLACK_TOKEN": SLACK_TOKEN,
        "SYNCD_SLACK_APP_TOKEN": SLACK_APP_TOKEN,
    }
    return Source(config_dir=config, environ=environ, credentials_dir=None)


def configuration(fronts: Fronts, mode: str | None) -> Mapping[str, str]:
    """The three files as the worker is to find them."""
    text = {name: shipped(name) for name in FILES}
    text["crm.yaml"] = _pointed_at(fronts, text["crm.yaml"])
    text["policy.yaml"] = _said(text["policy.yaml"], ("# spend: spend.csv", f"spend: {SPEND}"))
    if mode is not None:
        for gate, checksum in _PREVIEWED.items():
            held = f"  {gate}: {{mode: {mode}, previewed: {checksum}}}"
            text["policy.yaml"] = re.sub(rf"(?m)^  {gate}: .*$", held, text["policy.yaml"])
    return text


def shipped(name: str) -> str:
    """One file of the demo's own configuration, as installed."""
    return files("syncd.cli.demo").joinpath("config", name).read_text(encoding="utf-8")


def _pointed_at(fronts: Fronts, crm: str) -> str:
    """The example's own lines, with the sandbox in the vendors' place."""
    return _said(
        crm,
        ("# base_url: http://127.0.0.1:8101 ", f"base_url: {fronts.salesforce_url} "),
        ("base_url: https://api.hubapi.com", f"base_url: {fronts.hubspot_url}"),
        ("base_url: https://slack.com/api", f"base_url: {fronts.slack_url}/api"),
        ("# campaign: ", "campaign: "),
    )


def _said(text: str, *changes: tuple[str, str]) -> str:
    """A file with some of its words changed, and lines that are only examples made true."""
    for before, after in changes:
        if text.count(before) != 1:
            raise ValueError(f"the demo's configuration does not say {before!r} exactly once")
        text = text.replace(before, after)
    return text

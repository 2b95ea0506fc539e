"""What outlives a town: the servers its CRMs answer on, and configuration that was read before."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from syncd.sandbox.front import front
from syncd.sandbox.hubspot import rest as hubspot
from syncd.sandbox.journal import System
from syncd.sandbox.salesforce import rest as salesforce
from syncd.sandbox.server import App, Request, Response, Running, serve
from syncd.sandbox.slack import rest as slack
from syncd.sandbox.world import World
from syncd.settings.load import Settings, content_digest, load
from syncd.wiring import Source

_STORE = "syncd.db"


_APPS = {System.SALESFORCE: salesforce.app, System.HUBSPOT: hubspot.app, System.SLACK: slack.app}


class Streets:
    """Three servers on loopback that outlive their worlds: making one takes longer than most
    scripts. `now_serving` puts another world behind them."""

    def __init__(self) -> None:
        self.library: dict[str, Settings] = {}
        self._world = World()
        self._faces: dict[System, App] = {}
        self._running: dict[System, Running] = {
            system: serve(self._face(system), now=lambda: self._world.now()) for system in System
        }

    def now_serving(self, world: World) -> None:
        self._world = world
        self._faces = {system: front(app(world), world, system) for system, app in _APPS.items()}

    def urls(self) -> Mapping[str, str]:
        return {f"@{system.value}@": running.url for system, running in self._running.items()}

    def close(self) -> None:
        for running in self._running.values():
            running.stop()

    def _face(self, system: System) -> App:
        def face(request: Request) -> Response:
            return self._faces[system](request)

        return face


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOnce(Source):
    """Configuration that was read for another town is not parsed again: that takes longer
    than most scripts. Only where the store lies is this town's own."""

    library: dict[str, Settings]

    def load(self) -> Settings:
        digest = content_digest(self.config_dir)
        if digest not in self.library:
            self.library[digest] = load(self.config_dir, self.environ, self.credentials_dir)
        store = Path(self.environ["STATE_DIRECTORY"]) / _STORE
        return replace(self.library[digest], store=store)


class WorldTime:
    """The world's clock as the worker's: whoever waits moves it."""

    def __init__(self, world: World) -> None:
        self._clock = world.clock

    def now(self) -> datetime:
        return self._clock.now()

    def sleep(self, span: timedelta) -> None:
        self._clock.sleep(span.total_seconds())

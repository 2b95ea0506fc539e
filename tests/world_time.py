"""The sandbox's clock as the daemon's: whoever waits moves the world, which costs no real time."""

from datetime import datetime, timedelta

from syncd.sandbox.world import World


class WorldTime:
    def __init__(self, world: World) -> None:
        self._world = world

    def now(self) -> datetime:
        return self._world.now()

    def sleep(self, span: timedelta) -> None:
        self._world.advance(span)

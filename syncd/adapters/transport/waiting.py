"""Waiting on the Clock port, and noticing when the daemon stops meanwhile.

The only place adapters wait. Under a virtual clock no real time passes.
"""

from datetime import timedelta

from syncd.errors import TransientError
from syncd.ports import Clock

_SLACK = 0.9  # real waits may end a little early


def wait(clock: Clock, span: timedelta) -> None:
    """Sleep for `span`. TransientError when the clock woke us early: the daemon is stopping."""
    if span <= timedelta():
        return
    began = clock.now()
    clock.sleep(span)
    if clock.now() - began < span * _SLACK:
        raise TransientError("gave up waiting: the daemon is stopping")

"""The wall clock: aware, and awake at once when the daemon stops."""

from datetime import UTC, timedelta
from threading import Event

import pytest

from syncd.adapters.clock import SystemClock


class CountedEvent(Event):
    """Remembers how long it was asked to wait, and does not."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[float | None] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.asked.append(timeout)
        return self.is_set()


def test_now_is_aware_and_in_utc() -> None:
    assert SystemClock(Event()).now().tzinfo is UTC


@pytest.mark.parametrize(
    ("span", "waited"), [(timedelta(minutes=2), 120.0), (timedelta(seconds=-1), 0.0)]
)
def test_sleep_waits_on_the_stop_event_and_never_a_negative_span(
    span: timedelta, waited: float
) -> None:
    stop = CountedEvent()

    SystemClock(stop).sleep(span)

    assert stop.asked == [waited]


def test_sleep_ends_at_once_when_the_daemon_stops() -> None:
    stop = Event()
    stop.set()
    clock = SystemClock(stop)
    began = clock.now()

    clock.sleep(timedelta(hours=1))

    assert clock.now() - began < timedelta(minutes=1)

"""How calls are paced, retried and given up, on a clock that only moves by waiting."""

import http.client
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import requests
import urllib3

from syncd.adapters.transport.cached import Cached
from syncd.adapters.transport.calls import Calls
from syncd.adapters.transport.governor import Allowance, Governor
from syncd.adapters.transport.network import network_errors
from syncd.errors import AuthError, LimitError, SyncdError, TransientError

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


class WaitingClock:
    """Moves when somebody waits; once `stopping` nobody is kept waiting."""

    def __init__(self) -> None:
        self.at = START
        self.stopping = False

    def now(self) -> datetime:
        return self.at

    def sleep(self, span: timedelta) -> None:
        if not self.stopping:
            self.at += span


class Vendor:
    """Raises the given errors in turn, then answers."""

    def __init__(self, *errors: SyncdError) -> None:
        self._errors = list(errors)
        self.asked = 0

    def __call__(self) -> str:
        self.asked += 1
        if self._errors:
            raise self._errors.pop(0)
        return "fine"


@pytest.fixture
def clock() -> WaitingClock:
    return WaitingClock()


def trouble(times: int, wish: timedelta | None = None) -> list[TransientError]:
    return [TransientError("busy", retry_after=wish) for _ in range(times)]


def test_a_read_is_tried_again_until_it_works(clock: WaitingClock) -> None:
    vendor = Vendor(*trouble(3))

    answer = Calls(clock).read(vendor)

    assert (answer, vendor.asked) == ("fine", 4)


def test_a_read_is_given_up_with_the_vendors_own_error(clock: WaitingClock) -> None:
    vendor = Vendor(*trouble(9))

    with pytest.raises(TransientError, match="busy"):
        Calls(clock).read(vendor)

    assert vendor.asked == 4


def test_the_vendors_wish_is_waited_for(clock: WaitingClock) -> None:
    Calls(clock).read(Vendor(*trouble(2, wish=7 * SECOND)))

    assert clock.at == START + 14 * SECOND


def test_a_write_is_never_tried_again(clock: WaitingClock) -> None:
    vendor = Vendor(*trouble(1))

    with pytest.raises(TransientError):
        Calls(clock).write(vendor)

    assert vendor.asked == 1


def test_refused_credentials_are_not_tried_again(clock: WaitingClock) -> None:
    vendor = Vendor(AuthError("revoked"))

    with pytest.raises(AuthError):
        Calls(clock).read(vendor)

    assert vendor.asked == 1


def test_a_dead_vendor_costs_one_request_per_call_once_the_budget_is_spent(
    clock: WaitingClock,
) -> None:
    calls, vendor = Calls(clock), Vendor(*trouble(100))

    for _ in range(10):
        with pytest.raises(TransientError):
            calls.read(vendor)

    assert vendor.asked == 10 + 10  # ten calls, ten retries for all of them


def test_successes_earn_retries_back(clock: WaitingClock) -> None:
    calls, dead = Calls(clock), Vendor(*trouble(100))
    for _ in range(10):
        with pytest.raises(TransientError):
            calls.read(dead)
    for _ in range(11):
        calls.read(Vendor())

    assert calls.read(Vendor(*trouble(1))) == "fine"


def test_a_stopping_daemon_does_not_wait_to_retry(clock: WaitingClock) -> None:
    clock.stopping = True
    vendor = Vendor(*trouble(1))

    with pytest.raises(TransientError, match="stopping"):
        Calls(clock).read(vendor)

    assert (vendor.asked, clock.at) == (1, START)


def test_a_used_up_allowance_stops_all_calls_until_it_returns(clock: WaitingClock) -> None:
    calls, vendor = Calls(clock), Vendor(LimitError("daily", retry_after=60 * SECOND))
    with pytest.raises(LimitError):
        calls.read(vendor)
    clock.at += 59 * SECOND

    with pytest.raises(LimitError, match="daily") as refused:
        calls.write(vendor)

    assert vendor.asked == 1
    assert refused.value.retry_after == SECOND


def test_calls_go_on_once_the_allowance_has_returned(clock: WaitingClock) -> None:
    calls, vendor = Calls(clock), Vendor(LimitError("daily", retry_after=60 * SECOND))
    with pytest.raises(LimitError):
        calls.read(vendor)
    clock.at += 60 * SECOND

    assert calls.read(vendor) == "fine"


def test_a_vendor_that_names_no_end_is_left_alone_for_a_quarter_of_an_hour(
    clock: WaitingClock,
) -> None:
    calls = Calls(clock)
    with pytest.raises(LimitError):
        calls.read(Vendor(LimitError("daily")))

    with pytest.raises(LimitError) as refused:
        calls.read(Vendor())

    assert refused.value.retry_after == timedelta(minutes=15)


def test_every_request_is_counted_and_refused_ones_are_not(clock: WaitingClock) -> None:
    calls = Calls(clock)
    calls.read(Vendor(*trouble(2)))
    with pytest.raises(LimitError):
        calls.write(Vendor(LimitError("daily")))
    with pytest.raises(LimitError):
        calls.write(Vendor())

    assert calls.count == 4


def governed(clock: WaitingClock, calls: int) -> Governor:
    return Governor(clock, Allowance(calls=calls, span=10 * SECOND))


def test_no_window_holds_more_calls_than_allowed(clock: WaitingClock) -> None:
    governor, at = governed(clock, 3), []
    for pause in (0, 0, 9, 0, 0, 0, 4, 0):
        clock.at += pause * SECOND
        governor.take()
        at.append(clock.at)

    assert all(later - first >= 10 * SECOND for first, later in zip(at, at[3:], strict=False))


def test_a_call_within_the_allowance_does_not_wait(clock: WaitingClock) -> None:
    governor = governed(clock, 3)
    for _ in range(3):
        governor.take()

    assert clock.at == START


def test_each_key_has_the_allowance_to_itself(clock: WaitingClock) -> None:
    governor = governed(clock, 1)
    governor.take("#sales")
    governor.take("#marketing")

    assert clock.at == START


def test_a_governed_call_waits_for_its_turn(clock: WaitingClock) -> None:
    calls, governor = Calls(clock), governed(clock, 1)
    calls.read(Vendor(), governor)
    calls.write(Vendor(), governor)

    assert clock.at == START + 10 * SECOND


def test_a_stopping_daemon_does_not_wait_for_its_turn(clock: WaitingClock) -> None:
    governor = governed(clock, 1)
    governor.take()
    clock.stopping = True

    with pytest.raises(TransientError, match="stopping"):
        governor.take()


@pytest.mark.parametrize(
    "failure",
    [
        requests.ConnectionError("https://acme.example/?q=ada@example.com"),
        requests.ReadTimeout(),
        urllib3.exceptions.ReadTimeoutError(None, "/", "slow"),  # type: ignore[arg-type]  # no pool
        urllib3.exceptions.ProtocolError("Connection broken", ConnectionResetError()),
        http.client.IncompleteRead(b""),
        ConnectionRefusedError(),
        TimeoutError(),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_failing_connection_is_transient_and_tells_no_address(failure: Exception) -> None:
    with pytest.raises(TransientError, match=r"^poll: no answer \(\w+\)$"), network_errors("poll"):
        raise failure


def counting() -> Callable[[], int]:
    numbers = iter(range(100))
    return lambda: next(numbers)


def test_what_is_kept_is_not_fetched_again_within_the_hour(clock: WaitingClock) -> None:
    kept = Cached(clock, counting())
    kept()
    clock.at += timedelta(minutes=59)

    assert kept() == 0


def test_what_is_kept_is_fetched_again_after_an_hour(clock: WaitingClock) -> None:
    kept = Cached(clock, counting())
    kept()
    clock.at += timedelta(hours=1)

    assert kept() == 1


def test_what_was_dropped_is_fetched_again(clock: WaitingClock) -> None:
    kept = Cached(clock, counting())
    kept()
    kept.drop()

    assert kept() == 1

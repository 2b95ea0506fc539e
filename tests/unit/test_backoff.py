from datetime import UTC, datetime, timedelta

from syncd.core.backoff import next_attempt
from syncd.domain.names import ActionKey

NOW = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)
KEY = ActionKey("sync:1")


def wait(attempts: int, key: ActionKey = KEY, retry_after: timedelta | None = None) -> timedelta:
    at = next_attempt(attempts, key=key, now=NOW, retry_after=retry_after)
    assert at is not None
    return at - NOW


def test_waits_double_from_ten_seconds() -> None:
    for attempts in range(8):
        longest = timedelta(seconds=10) * 2**attempts
        assert 0.8 * longest <= wait(attempts) <= longest


def test_no_wait_is_longer_than_half_an_hour() -> None:
    assert all(timedelta(minutes=24) <= wait(n) <= timedelta(minutes=30) for n in range(8, 54))


def test_a_row_is_given_up_after_about_a_day() -> None:
    attempts, spent = 0, timedelta()
    while (at := next_attempt(attempts, key=KEY, now=NOW)) is not None:
        attempts, spent = attempts + 1, spent + (at - NOW)

    assert timedelta(hours=18) < spent <= timedelta(hours=25)


def test_a_wait_the_vendor_asked_for_is_never_cut_short() -> None:
    assert wait(0, retry_after=timedelta(hours=2)) == timedelta(hours=2)


def test_a_short_wish_of_the_vendor_does_not_undo_our_own_patience() -> None:
    assert wait(5, retry_after=timedelta(seconds=1)) == wait(5)


def test_the_same_row_waits_the_same_and_others_differ() -> None:
    waits = {wait(6, key=ActionKey(f"sync:{n}")) for n in range(20)}

    assert wait(6) == wait(6)
    assert len(waits) == 20

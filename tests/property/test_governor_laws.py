"""Laws of the governor: whatever is learnt and refused on the way, no window holds more calls
than were allowed when the last of them went, and nobody goes while all are to wait."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from syncd.adapters.transport.governor import Allowance, Governor

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
SPAN = 10 * SECOND


@dataclass(slots=True)
class Vendor:
    """Time that moves when somebody waits, and what the vendor allows at present."""

    at: datetime = START
    allows: int = 3
    closed_until: datetime = START
    gone: list[datetime] = field(default_factory=list)

    def now(self) -> datetime:
        return self.at

    def sleep(self, span: timedelta) -> None:
        self.at += span

    def take_call(self) -> None:
        """What the vendor sees: one more call within its window, or one too many."""
        self.gone.append(self.at)
        lately = [at for at in self.gone if at > self.at - SPAN]
        assert len(lately) <= self.allows
        assert self.at >= self.closed_until


events = st.lists(
    st.one_of(
        st.tuples(st.just("call"), st.integers(1, 12)),
        st.tuples(st.just("learn"), st.integers(1, 9)),
        st.tuples(st.just("refuse"), st.integers(1, 30)),
        st.tuples(st.just("rest"), st.integers(0, 700)),
    ),
    max_size=40,
)


@given(events)
def test_no_window_ever_holds_more_than_the_vendor_allows(events: list[tuple[str, int]]) -> None:
    vendor = Vendor()
    governor = Governor(vendor, Allowance(calls=vendor.allows, span=SPAN))

    for event, number in events:
        match event:
            case "learn":
                governor.learn(number, SPAN)
                vendor.allows = number
            case "refuse":
                governor.refused(number * SECOND)
                vendor.closed_until = max(vendor.closed_until, vendor.at + number * SECOND)
            case "rest":
                vendor.at += number * SECOND
            case _:
                for _ in range(number):
                    governor.take()
                    vendor.take_call()


@given(st.integers(1, 50), st.integers(1, 300))
def test_a_steady_caller_gets_nearly_all_there_is(allowed: int, calls: int) -> None:
    vendor = Vendor(allows=allowed)
    governor = Governor(vendor, Allowance(calls=1, span=SPAN))
    governor.learn(allowed, SPAN)

    for _ in range(calls):
        governor.take()

    windows = (calls - 1) // allowed
    assert vendor.at - START <= windows * SPAN * 1.025

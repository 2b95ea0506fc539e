"""Calls made at the same time: order kept, errors handed on, a single one made right here."""

import threading

import pytest

from syncd.adapters.transport.overlap import LANES, Lanes
from syncd.errors import TransientError


def test_results_come_in_the_order_of_the_items_whichever_is_done_first() -> None:
    last_is_done = threading.Event()

    def call(number: int) -> int:
        if number == LANES - 1:
            last_is_done.set()
        last_is_done.wait(timeout=5)
        return number * 2

    assert Lanes().overlapped(call, range(LANES)) == [number * 2 for number in range(LANES)]


def test_more_items_than_lanes_are_all_called_for() -> None:
    assert Lanes().overlapped(str, range(3 * LANES)) == [str(number) for number in range(3 * LANES)]


def test_a_single_item_is_called_for_in_the_callers_own_thread() -> None:
    assert Lanes().overlapped(lambda _: threading.get_ident(), ["one"]) == [threading.get_ident()]


def test_the_first_items_error_goes_on() -> None:
    def call(number: int) -> int:
        raise TransientError(f"no answer to {number}")

    with pytest.raises(TransientError, match="no answer to 0"):
        Lanes().overlapped(call, range(3))


def test_after_an_error_the_lanes_take_the_next_calls_and_none_of_the_last_ones() -> None:
    lanes, made = Lanes(), list[int]()

    def call(number: int) -> int:
        made.append(number)
        raise TransientError("no answer")

    with pytest.raises(TransientError):
        lanes.overlapped(call, range(100 * LANES))
    made_by_then = len(made)
    assert lanes.overlapped(str, range(3)) == ["0", "1", "2"]
    assert len(made) == made_by_then

"""Calls made at the same time: order kept, errors handed on, a single one made right here."""

import threading

import pytest

from syncd.adapters.transport.overlap import LANES, overlapped
from syncd.errors import TransientError


def test_results_come_in_the_order_of_the_items_whichever_is_done_first() -> None:
    last_is_done = threading.Event()

    def call(number: int) -> int:
        if number == LANES - 1:
            last_is_done.set()
        last_is_done.wait(timeout=5)
        return number * 2

    assert overlapped(call, range(LANES)) == [number * 2 for number in range(LANES)]


def test_more_items_than_lanes_are_all_called_for() -> None:
    assert overlapped(str, range(3 * LANES)) == [str(number) for number in range(3 * LANES)]


def test_a_single_item_is_called_for_in_the_callers_own_thread() -> None:
    assert overlapped(lambda _: threading.get_ident(), ["one"]) == [threading.get_ident()]


def test_the_first_items_error_goes_on() -> None:
    def call(number: int) -> int:
        raise TransientError(f"no answer to {number}")

    with pytest.raises(TransientError, match="no answer to 0"):
        overlapped(call, range(3))

"""Retry reads, and only reads: writes are retried by the outbox.

The one place inside adapters that retries anything; the clients' own retries are off.
"""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from tenacity import RetryCallState, Retrying, retry_if_exception, wait_random_exponential
from tenacity.stop import stop_after_attempt, stop_base
from tenacity.wait import wait_base

from syncd.adapters.transport.waiting import wait
from syncd.errors import LimitError, TransientError
from syncd.ports import Clock

T = TypeVar("T")

ATTEMPTS = 4
BACKOFF = wait_random_exponential(multiplier=0.5, max=30)


class RetryBudget:
    """Retries a vendor may cost, earned back by successes, shared by all its calls.

    A dead vendor is then asked about once per call, not once per attempt.
    """

    def __init__(self, *, most: float = 10.0, earned: float = 0.1) -> None:
        self._most = most
        self._earned = earned
        self._left = most
        self._guard = threading.Lock()

    def earn(self) -> None:
        with self._guard:
            self._left = min(self._most, self._left + self._earned)

    def spend(self) -> bool:
        """Take one retry; False when none is left."""
        with self._guard:
            if self._left < 1:
                return False
            self._left -= 1
            return True


class RetryReads:
    """Call again after TransientError, a few times and within the budget.

    The vendor's `retry_after` is waited for as it is; else a random, growing span.
    Any other error, LimitError included, goes straight through.
    """

    def __init__(self, clock: Clock, *, attempts: int = ATTEMPTS) -> None:
        self._budget = RetryBudget()
        self._retrying = Retrying(
            retry=retry_if_exception(_may_pass),
            wait=_WaitAsTold(),
            stop=stop_after_attempt(attempts) | _StopWithoutBudget(self._budget),
            sleep=lambda seconds: wait(clock, timedelta(seconds=seconds)),
            reraise=True,
        )

    def __call__(self, call: Callable[[], T]) -> T:
        result = self._retrying(call)
        self._budget.earn()
        return result


def _may_pass(error: BaseException) -> bool:
    return isinstance(error, TransientError) and not isinstance(error, LimitError)


class _WaitAsTold(wait_base):
    def __call__(self, retry_state: RetryCallState) -> float:
        error = retry_state.outcome.exception() if retry_state.outcome else None
        if isinstance(error, TransientError) and error.retry_after is not None:
            return error.retry_after.total_seconds()
        return BACKOFF(retry_state)


class _StopWithoutBudget(stop_base):
    def __init__(self, budget: RetryBudget) -> None:
        self._budget = budget

    def __call__(self, retry_state: RetryCallState) -> bool:  # noqa: ARG002 - as inherited
        return not self._budget.spend()

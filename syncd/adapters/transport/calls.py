"""How one vendor is called: circuit, rate and count first, then the call, then retries.

Each adapter makes one `Calls` and sends everything through it. The callable handed in
makes exactly one request and raises only errors of `syncd.errors` (wrap the client in
`network_errors`, hand bad statuses to the vendor's `translate.py`).
"""

import itertools
from collections.abc import Callable
from typing import TypeVar

from syncd.adapters.transport.circuit import Circuit
from syncd.adapters.transport.governor import Governor
from syncd.adapters.transport.retry import ATTEMPTS, RetryReads
from syncd.errors import LimitError
from syncd.ports import Clock

T = TypeVar("T")


class Calls:
    """`count` is the number of requests made since start."""

    def __init__(self, clock: Clock, *, attempts: int = ATTEMPTS) -> None:
        self._circuit = Circuit(clock)
        self._retry = RetryReads(clock, attempts=attempts)
        self._numbers = itertools.count(1)
        self.count = 0

    def read(self, call: Callable[[], T], *governors: Governor) -> T:
        """Make a call that changes nothing; retried on TransientError. A LimitError opens the
        circuit: until it closes every call raises LimitError without a request."""
        return self._retry(lambda: self._once(call, governors))

    def write(self, call: Callable[[], T], *governors: Governor) -> T:
        """Make a call once: after an error its effect is not known."""
        return self._once(call, governors)

    def _once(self, call: Callable[[], T], governors: tuple[Governor, ...]) -> T:
        self._circuit.check()
        for governor in governors:
            governor.take()
        self.count = next(self._numbers)
        try:
            return call()
        except LimitError as error:
            self._circuit.open(error)
            raise

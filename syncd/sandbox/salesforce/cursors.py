"""Open query cursors: a result is fixed when the query runs and handed out in pages."""

from collections.abc import Callable
from datetime import datetime, timedelta

from syncd.sandbox.salesforce.errors import Problem, Refused
from syncd.sandbox.salesforce.ids import IdMint
from syncd.sandbox.salesforce.soql.run import Result

LIFE = timedelta(days=2)
LARGEST_PAGE = 2_000
SMALLEST_PAGE = 200


class Cursors:
    """Locators (prefix 0r8) and the results behind them, for two days."""

    def __init__(self, mint: IdMint, now: Callable[[], datetime]) -> None:
        self._mint = mint
        self._now = now
        self._open: dict[str, tuple[datetime, int, Result]] = {}
        self.page_size = LARGEST_PAGE  # the org's default; a caller may ask for less

    def open(self, result: Result, size: int) -> str:
        """Keep a result; the locator under which its pages of `size` are fetched."""
        self._forget_old()
        locator = self._mint.next("0r8")
        self._open[locator] = (self._now(), size, result)
        return locator

    def fetch(self, locator: str) -> tuple[int, Result]:
        """Page size and result; raises Refused INVALID_QUERY_LOCATOR."""
        self._forget_old()
        if locator not in self._open:
            raise Refused(Problem(code="INVALID_QUERY_LOCATOR", message="invalid query locator"))
        _, size, result = self._open[locator]
        return size, result

    def _forget_old(self) -> None:
        oldest = self._now() - LIFE
        while self._open:
            locator, (opened, _, _) = next(iter(self._open.items()))
            if opened > oldest:
                return
            del self._open[locator]

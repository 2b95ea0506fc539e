"""Request limits on the world's clock: burst per app, search per account, daily per account."""

from collections import deque
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from syncd.sandbox.clock import WorldClock
from syncd.sandbox.hubspot.errors import Refused, correlation_id
from syncd.sandbox.hubspot.settings import Limits
from syncd.sandbox.server import Response

BURST_WINDOW = timedelta(seconds=10)
SEARCH_WINDOW = timedelta(seconds=1)


class Governor:
    """Counts every request and refuses those beyond a limit; search is exempt from the burst."""

    def __init__(self, clock: WorldClock, limits: Limits, time_zone: str) -> None:
        self._clock = clock
        self._limits = limits
        self._zone = ZoneInfo(time_zone)
        self._bursts: dict[int, deque[datetime]] = {}
        self._searches: deque[datetime] = deque()
        self._day = self._today()
        self._used = 0

    @property
    def used_today(self) -> int:
        self._turn_day()
        return self._used

    def resets_at(self) -> datetime:
        """The next midnight of the account."""
        tomorrow = self._today() + timedelta(days=1)
        return datetime.combine(tomorrow, time(), self._zone)

    def admit(self, app_id: int, *, search: bool) -> dict[str, str]:
        """The headers that tell what is left; raises Refused with the 429."""
        self._turn_day()
        self._used += 1
        if self._limits.enabled and self._used > self._limits.daily:
            raise Refused(self._refusal("DAILY"))
        if search:
            self._take(self._searches, SEARCH_WINDOW, self._limits.search_per_second, "SECONDLY")
            return {}
        return self._burst(app_id)

    def _burst(self, app_id: int) -> dict[str, str]:
        recent = self._bursts.setdefault(app_id, deque())
        self._take(recent, BURST_WINDOW, self._limits.burst, "TEN_SECONDLY_ROLLING")
        return {
            "X-HubSpot-RateLimit-Max": str(self._limits.burst),
            "X-HubSpot-RateLimit-Remaining": str(max(0, self._limits.burst - len(recent))),
            "X-HubSpot-RateLimit-Interval-Milliseconds": "10000",
            "X-HubSpot-RateLimit-Daily": str(self._limits.daily),
            "X-HubSpot-RateLimit-Daily-Remaining": str(max(0, self._limits.daily - self._used)),
        }

    def _take(self, recent: deque[datetime], window: timedelta, most: int, policy: str) -> None:
        if not self._limits.enabled:
            return
        now = self._clock.now()
        while recent and recent[0] <= now - window:
            recent.popleft()
        if len(recent) >= most:
            raise Refused(self._refusal(policy))
        recent.append(now)

    def _refusal(self, policy: str) -> Response:
        return limited(
            policy, named=self._limits.named_policy, retry_after=self._limits.retry_after
        )

    def _today(self) -> datetime:
        return (
            self._clock.now()
            .astimezone(self._zone)
            .replace(hour=0, minute=0, second=0, microsecond=0)
        )

    def _turn_day(self) -> None:
        if self._today() != self._day:
            self._day, self._used = self._today(), 0


def limited(policy: str, *, named: bool = True, retry_after: int | None = None) -> Response:
    """The 429 of a policy: newer answers name it, older ones do not; few say when to return."""
    correlation = correlation_id()
    told = {
        "status": "error",
        "message": f"You have reached your {policy.lower()} limit.",
        "correlationId": correlation,
    }
    if named:
        told |= {"errorType": "RATE_LIMIT", "policyName": policy, "requestId": correlation}
    else:
        told |= {"category": "RATE_LIMITS"}
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    return Response(status=429, body=told, headers=headers)

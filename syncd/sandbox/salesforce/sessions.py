"""Who is logged in, and how many API calls the org has answered in a day."""

import secrets
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta

Now = Callable[[], datetime]


class Sessions:
    """Access tokens; each dies after `idle_life` without a call."""

    def __init__(self, now: Now) -> None:
        self._now = now
        self._last_seen: dict[str, datetime] = {}
        self.idle_life = timedelta(hours=2)
        self.org_id = ""
        self.clients: dict[str, str] = {}  # consumer key → secret; empty lets anyone in

    def issue(self) -> str:
        token = f"{self.org_id[:15]}!AR8{secrets.token_urlsafe(48)}"
        self._last_seen[token] = self._now()
        return token

    def accepts(self, token: str) -> bool:
        """Whether the token is alive; a live one is kept alive by this."""
        seen = self._last_seen.get(token)
        if seen is None or self._now() - seen > self.idle_life:
            self._last_seen.pop(token, None)
            return False
        self._last_seen[token] = self._now()
        return True

    def expire_all(self) -> None:
        self._last_seen.clear()


class ApiUsage:
    """Calls in the last 24 hours against the org's allowance, counted by the minute."""

    def __init__(self, now: Now) -> None:
        self._now = now
        self._minutes: deque[tuple[datetime, int]] = deque()
        self._total = 0
        self.limit = 100_000

    def count(self) -> None:
        minute = self._now().replace(second=0, microsecond=0)
        if self._minutes and self._minutes[-1][0] == minute:
            self._minutes[-1] = (minute, self._minutes[-1][1] + 1)
        else:
            self._minutes.append((minute, 1))
        self._total += 1

    def used(self) -> int:
        oldest = self._now() - timedelta(hours=24)
        while self._minutes and self._minutes[0][0] <= oldest:
            self._total -= self._minutes.popleft()[1]
        return self._total

    def exhausted(self) -> bool:
        return self.used() >= self.limit

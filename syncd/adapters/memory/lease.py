"""The lease in memory: one writer at a time."""

from dataclasses import replace
from datetime import datetime, timedelta

from syncd.adapters.memory.contents import LeaseRow
from syncd.adapters.memory.role import Role
from syncd.adapters.store.effects import OutboxState


class MemoryLease(Role):
    def acquire(self, *, holder: str, now: datetime, span: timedelta) -> bool:
        stored = self._now.lease
        is_ours = self._token is not None and stored.token == self._token
        if not is_ours and stored.holder not in ("", holder) and stored.expires_at > now:
            return False
        if not is_ours:
            self._free_claims(now)
        self._token = stored.token if is_ours else stored.token + 1
        self._now.lease = LeaseRow(holder=holder, token=self._token, expires_at=now + span)
        return True

    def _free_claims(self, now: datetime) -> None:
        """What a worker that died had claimed is due at once."""
        for key, row in self._now.effects.items():
            if row.state is OutboxState.CLAIMED:
                self._now.effects[key] = replace(row, state=OutboxState.PENDING, due_at=now)

    def renew(self, *, now: datetime, span: timedelta) -> None:
        self._check_fence()
        self._now.lease = replace(self._now.lease, expires_at=now + span)

    def must_hold(self) -> None:
        self._check_fence()

    def release(self) -> None:
        if self._now.lease.token == self._token:
            self._now.lease = LeaseRow(token=self._now.lease.token)
        self._token = None

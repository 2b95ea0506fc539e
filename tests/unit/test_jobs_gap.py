"""What must be so before two counts can be held against each other at all."""

from collections.abc import Collection
from typing import Any, cast

import pytest
from core_cases import CRM

from syncd.domain.names import System
from syncd.domain.stage import Stage
from syncd.errors import PermanentError, SyncdError
from syncd.jobs.gap import CountingCrm, Desks, reconcile


class _Login:
    time_zone = "Mars/Olympus"


class _Inspector:
    def __init__(self, tracked: frozenset[str]) -> None:
        self._tracked = tracked

    def tracked(self, properties: Collection[str]) -> frozenset[str]:
        return self._tracked & frozenset(properties)

    def login(self) -> _Login:
        return _Login()


class _Crm:
    def __init__(self, tracked: frozenset[str]) -> None:
        self.inspector = _Inspector(tracked)


def _desks(*tracked: str) -> Desks:
    crm = cast("CountingCrm", _Crm(frozenset(tracked)))
    nothing: Any = None  # it is refused before the store is asked
    return Desks(crms=dict.fromkeys(System, crm), crm=CRM, book=nothing)


def test_a_crm_that_keeps_no_history_of_the_stage_is_not_counted_at_all() -> None:
    with pytest.raises(PermanentError, match="keeps no history of status, so it cannot tell"):
        reconcile(_desks(), Stage.MQL, "2026-03")


def test_a_time_zone_nobody_knows_is_named() -> None:
    with pytest.raises(SyncdError, match="names its time zone 'Mars/Olympus'"):
        reconcile(_desks("status"), Stage.MQL, "2026-03")

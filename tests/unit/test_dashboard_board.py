"""Where a running promise stands on the board; and who is let in by the configuration."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest
from core_cases import handoff, lead
from page_cases import SHIPPED

from syncd.adapters.store.store import SqlStore
from syncd.adapters.web.access import Passwords, Role, ThisMachine, TrustedHeader
from syncd.adapters.web.views import Standing
from syncd.cli.dashboard.board import board_of, standing_of
from syncd.cli.dashboard.entry import access_of
from syncd.domain.handoff import Clock, ClockName, Rung
from syncd.domain.lead import Lead
from syncd.domain.names import LeadId
from syncd.errors import SyncdError
from syncd.settings.dashboard_file import DashboardPlace
from syncd.settings.secrets import Secrets

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
NO_SECRETS = Secrets()
LEAD, HANDOFF = lead(), handoff()
HASH = "$argon2id$v=19$m=64,t=1,p=1$c2FsdHNhbHQ$aGFzaA"


def clock(*, warns: bool) -> Clock:
    steps = ((Rung.WARN, START + 3 * HOUR),) if warns else ()
    return Clock(
        name=ClockName.ACCEPT,
        turn=1,
        started_at=START,
        steps=(*steps, (Rung.BREACH, START + 10 * HOUR)),
        calendar="default",
        version="1",
    )


@pytest.mark.parametrize(
    ("warns", "hours", "standing"),
    [
        (True, 2.9, Standing.ON_TRACK),
        (True, 3, Standing.AT_RISK),
        (True, 10, Standing.BREACHED),
        (False, 7.9, Standing.ON_TRACK),
        (False, 8, Standing.AT_RISK),
        (False, 10, Standing.BREACHED),
    ],
)
def test_a_promise_is_at_risk_from_its_warning_until_its_deadline(
    warns: bool, hours: float, standing: Standing
) -> None:
    assert standing_of(clock(warns=warns), now=START + hours * HOUR) is standing


def test_without_a_promise_nothing_can_be_late() -> None:
    assert standing_of(None, now=START) is Standing.ON_TRACK


@dataclass(frozen=True, slots=True)
class Offered:
    """So many leads, offered one after the other: who came last is due first, and the first of
    all without any promise."""

    leads: int

    def offered(self, lead_id: LeadId | None, limit: int) -> Sequence[Lead]:
        first = 0 if lead_id is None else int(lead_id) + 1
        return [self._lead(n) for n in range(first, min(self.leads, first + limit))]

    def _lead(self, n: int) -> Lead:
        due = START + (self.leads - n) * HOUR
        steps = ((Rung.BREACH, due),)
        found = replace(
            HANDOFF,
            lead_id=LeadId(str(n)),
            clocks=(replace(clock(warns=False), steps=steps),) if n else (),
        )
        return replace(LEAD, id=LeadId(str(n)), handoff=found)


def test_the_board_holds_every_open_handoff_and_those_due_first_come_first() -> None:
    store = cast(SqlStore, Offered(1_100))

    found = board_of(store, SHIPPED, now=START + 5 * HOUR)

    assert [x.lead_id for x in found] == [*(str(n) for n in range(1_099, 0, -1)), "0"]
    assert [x.standing for x in found[:6]] == [Standing.BREACHED] * 5 + [Standing.AT_RISK]
    assert (found[-1].due_at, found[-1].promise) == (None, "")


def place(*, url: str = "", header: str = "") -> DashboardPlace:
    return DashboardPlace(
        address=None,
        url=url,
        header=header,
        proxies=frozenset({"127.0.0.1"}),
        operators=frozenset({"ops@example.com"}),
    )


def test_on_this_machine_nobody_need_sign_in() -> None:
    assert access_of(place(), NO_SECRETS, host="127.0.0.1") == ThisMachine()


def test_a_password_is_asked_for_wherever_one_is_set() -> None:
    secrets = Secrets(dashboard_viewer_hash=HASH)

    access = access_of(place(), secrets, host="localhost")

    assert isinstance(access, Passwords)
    assert access.hashes == {Role.VIEWER: HASH}


def test_a_proxys_header_takes_the_place_of_passwords() -> None:
    where = place(url="https://syncd.example.com", header="X-Forwarded-Email")

    assert isinstance(access_of(where, NO_SECRETS, host="127.0.0.1"), TrustedHeader)


@pytest.mark.parametrize(
    ("where", "secrets", "host", "words"),
    [
        (place(), NO_SECRETS, "0.0.0.0", "dashboard.url"),
        (place(), Secrets(dashboard_viewer_hash=HASH), "10.0.0.7", "dashboard.url"),
        (place(url="https://a.example"), NO_SECRETS, "127.0.0.1", "nobody would have to sign in"),
        (place(url="https://a.example"), NO_SECRETS, "10.0.0.7", "SYNCD_DASHBOARD_VIEWER_HASH"),
        (place(), Secrets(dashboard_viewer_hash="secret"), "127.0.0.1", "no argon2 hash"),
        (place(url="http://localhost"), Secrets(dashboard_viewer_hash=HASH), "0.0.0.0", "https"),
        (place(url="http://localhost", header="X-Email"), NO_SECRETS, "0.0.0.0", "https"),
        (place(url="https://a.example/b"), Secrets(dashboard_viewer_hash=HASH), "::1", "no path"),
    ],
)
def test_what_would_be_open_to_anybody_is_refused(
    where: DashboardPlace, secrets: Secrets, host: str, words: str
) -> None:
    with pytest.raises(SyncdError, match=words):
        access_of(where, secrets, host=host)

"""By the calendar: the joint meeting of each month is prepared and told once, and the review of
the standard comes up in time."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from core_cases import context, gate, standard, unsigned
from fakes import House, house

from syncd.core.alerting_meeting import last_month, review_alert
from syncd.core.context import Context
from syncd.domain.alert import AlertKind
from syncd.domain.standard import Signature
from syncd.errors import PermanentError
from syncd.ports import MeetingNotes

BERLIN = ZoneInfo("Europe/Berlin")
FIRST = datetime(2026, 10, 1, 6, tzinfo=UTC)  # eight in Berlin
LONG_AGO = datetime(2026, 1, 15, tzinfo=UTC)
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


@pytest.mark.parametrize("later", [timedelta(), 12 * DAY, 31 * DAY])
def test_a_month_is_told_of_from_the_morning_of_the_next_ones_first_day(later: timedelta) -> None:
    month = last_month(FIRST + later, BERLIN)

    assert (month.name, month.told_from) == ("2026-09", FIRST)


def test_before_that_morning_it_is_still_the_month_before() -> None:
    assert last_month(FIRST - SECOND, BERLIN).name == "2026-08"


# --- the review --------------------------------------------------------------------------


def looking_at(now: datetime, *, review_by: date, signed: datetime = LONG_AGO) -> Context:
    names = {"marketing": "Ada Moreau", "sales": "Ben Okafor"}
    signatures = tuple(Signature(team=x, name=y, on=signed) for x, y in names.items())
    content = replace(standard(gate("need-stated")), review_by=review_by, signatures=signatures)
    return replace(context(content), now=now)


@pytest.mark.parametrize(
    ("left", "says"),
    [
        (22, None),
        (21, "in 21 days"),
        (8, "in 8 days"),
        (7, "in 7 days"),
        (1, "in 1 day"),
        (0, "today"),
    ],
)
def test_before_its_review_both_signers_are_reminded(left: int, says: str | None) -> None:
    now = datetime(2026, 11, 20, 18, tzinfo=UTC)
    ctx = looking_at(now, review_by=now.date() + left * DAY, signed=now)

    found = review_alert(ctx, since=LONG_AGO)

    title = f"The standard is to be reviewed {says}: Ada Moreau (marketing) and Ben Okafor (sales)"
    assert (found.alert.title if found else None) == (title if says else None)


def test_three_weeks_and_one_week_before_are_two_reminders_and_no_more() -> None:
    now = datetime(2026, 11, 20, 18, tzinfo=UTC)
    every = [
        review_alert(looking_at(now + n * DAY, review_by=now.date() + 25 * DAY), since=now)
        for n in range(30)
    ]

    assert len({x.key for x in every if x}) == 2
    assert every[26:] == [None] * 4


QUARTER = datetime(2026, 10, 1, 18, tzinfo=UTC)
FAR = date(2027, 6, 30)


def test_each_quarter_both_signers_are_reminded_once() -> None:
    found = [
        review_alert(looking_at(QUARTER + n * DAY, review_by=FAR), since=LONG_AGO)
        for n in (0, 5, 92)
    ]

    assert found[0] is not None
    assert found[0].alert.title.startswith("Quarterly review of the standard: Ada Moreau")
    keys = [x.key if x else None for x in found]
    assert keys[0] == keys[1]
    assert keys[2] not in (None, keys[0])


@pytest.mark.parametrize(("since", "signed"), [(QUARTER, LONG_AGO), (LONG_AGO, QUARTER - 20 * DAY)])
def test_who_began_or_signed_lately_is_not_reminded_of_the_quarter(
    since: datetime, signed: datetime
) -> None:
    assert review_alert(looking_at(QUARTER, review_by=FAR, signed=signed), since=since) is None


def test_a_team_that_has_not_signed_is_named_as_a_team() -> None:
    ctx = looking_at(QUARTER, review_by=FAR)
    ctx = replace(ctx, standard=unsigned(ctx.standard))

    found = review_alert(ctx, since=LONG_AGO)

    assert found is not None
    assert found.alert.title.endswith(": marketing and sales")


# --- the jobs ----------------------------------------------------------------------------


@dataclass(slots=True)
class FakeMinutes:
    """Answers at the second time of asking."""

    fails: bool = False
    asked: list[str] = field(default_factory=list)

    def of(self, month: str) -> MeetingNotes | None:
        self.asked.append(month)
        if len(self.asked) < 2:
            return None
        if self.fails:
            raise PermanentError("no room")
        return MeetingNotes(lines=("Gate to SQL: …",), page="/state/meeting.html")


def at_work(minutes: FakeMinutes) -> House:
    made = house()
    made.pair = replace(made.pair, minutes=minutes)
    return made


def told(made: House) -> list[AlertKind]:
    return [x for x in made.slack.kinds() if x is AlertKind.MEETING]


def next_month(made: House) -> None:
    made.time.sleep(32 * DAY)
    made.store.acquire(holder="test", now=made.time.now(), span=365 * DAY)


def test_the_meeting_is_told_once_it_is_ready_and_once_whatever_restarts() -> None:
    minutes = FakeMinutes()
    made = at_work(minutes)
    made.cycle()
    next_month(made)

    made.cycle()
    while_it_is_made = told(made)
    made.cycles(2)
    made.recent.told_month = ""
    made.cycles(2)

    assert (while_it_is_made, told(made)) == ([], [AlertKind.MEETING])
    assert len(minutes.asked) == 2


def test_the_store_is_asked_for_a_month_and_a_day_once() -> None:
    made = at_work(FakeMinutes())

    made.cycle()

    now = made.time.now()
    assert made.recent.told_month == f"{now.replace(day=1) - DAY:%Y-%m}"
    assert made.recent.reminded_on == now.date()


def test_a_month_before_the_first_start_is_not_asked_for() -> None:
    minutes = FakeMinutes()

    at_work(minutes).cycle()

    assert minutes.asked == []


def test_a_meeting_that_cannot_be_prepared_says_so_and_how_to_try_it() -> None:
    made = at_work(FakeMinutes(fails=True))
    made.cycle()
    next_month(made)

    made.cycles(3)

    sent = [x.alert for _, alerts in made.slack.sent for x in alerts]
    (alert,) = [x for x in sent if x.kind is AlertKind.MEETING]
    assert alert.title.endswith("could not be prepared")
    assert alert.why == ("no room",)
    assert "`syncd report --meeting --period" in alert.next_step

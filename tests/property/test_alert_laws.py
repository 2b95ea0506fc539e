"""Laws of telling, over days of alerts: nothing is lost, nothing comes before its time, a route
gets one gathered message an interval, and a second look changes nothing."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

from alert_cases import BY_DAY, NOON, POLICY, alert
from core_cases import POLICY as RULES
from fakes import House, house
from hypothesis import given, settings
from hypothesis import strategies as st

from syncd.commit import Commit
from syncd.domain.action import Action, SendAlert, UpdateAlert
from syncd.domain.alert import Act, AlertKind
from syncd.domain.message import MessageState, Route, Silence, Why
from syncd.domain.names import ActionKey
from syncd.domain.policy import AlertPolicy
from syncd.errors import TransientError
from syncd.jobs.deliver import deliver

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
KINDS = (
    AlertKind.TWIN,
    AlertKind.TWIN,
    AlertKind.HANDOFF,
    AlertKind.SLA_WARNING,
    AlertKind.SLA_BREACH,
    AlertKind.BLIND,
)

waits = st.sampled_from([timedelta(), 30 * SECOND, 200 * SECOND])
intervals = st.sampled_from([timedelta(), 100 * SECOND, 600 * SECOND])
policies = st.builds(
    lambda wait, interval, alone, quiet: replace(
        POLICY, wait=wait, interval=interval, alone=alone, quiet=dict.fromkeys(quiet, BY_DAY)
    ),
    waits,
    intervals,
    st.integers(0, 3),
    st.sets(st.sampled_from(["#sales", "#revops"])),
)
silences = st.lists(
    st.builds(
        lambda kind, hours: Silence(
            id=f"{kind}{hours}",
            by="Ada",
            reason="x",
            kind=kind,
            placed_at=NOON,
            expires_at=NOON + hours * HOUR,
        ),
        st.sampled_from(KINDS),
        st.integers(1, 9),
    ),
    max_size=2,
)


@dataclass(frozen=True)
class Step:
    """So long after the one before, these alerts are made, and one may be settled."""

    after: timedelta
    makes: tuple[tuple[AlertKind, bool], ...]
    settles: int | None


steps = st.lists(
    st.builds(
        Step,
        st.sampled_from([SECOND, 20 * SECOND, 90 * SECOND, HOUR, 11 * HOUR]),
        st.lists(st.tuples(st.sampled_from(KINDS), st.booleans()), max_size=4).map(tuple),
        st.one_of(st.none(), st.integers(0, 9)),
    ),
    min_size=1,
    max_size=8,
)


def actions_of(todo: Sequence[Step]) -> Iterator[tuple[timedelta, list[Action]]]:
    """The alerts of each step, with numbers of their own, and what became of one before."""
    made: list[SendAlert] = []
    for number, step in enumerate(todo):
        news: list[Action] = []
        for kind, is_personal in step.makes:
            to, acts = ("ada@x.example", (Act.ACCEPT,)) if is_personal else (None, ())
            made.append(alert(len(made), kind, to=to, acts=acts))
            news.append(made[-1])
        if step.settles is not None and step.settles < len(made):
            key = made[step.settles].key
            news.append(
                UpdateAlert(
                    key=ActionKey(f"status:{number}:{key}"),
                    lead_id=None,
                    alert_key=key,
                    status="done",
                    at=NOON,
                )
            )
        yield step.after, news


def live(made: House, todo: Sequence[Step]) -> set[ActionKey]:
    """Everything happens, and then two quiet days pass; the keys of all alerts made."""
    keys: set[ActionKey] = set()
    for after, news in actions_of(todo):
        made.time.sleep(after)
        made.store.commit(Commit(now=made.time.now(), actions=tuple(news)))
        keys |= {x.key for x in news if isinstance(x, SendAlert)}
        look(made)
    for _ in range(96):
        made.time.sleep(DAY / 48)
        look(made)
    return keys


def look(made: House) -> None:
    """What waits is never sent before the time it was told to wait for."""
    now = made.time.now()
    waiting = {x.key for x in made.store.latest(99) if x.until and x.until > now}
    deliver(made.pair, made.context(), stopping=lambda: False)
    sent = {x.key for x in made.store.latest(99) if x.state is MessageState.SENT}
    assert not waiting & sent


def office(policy: AlertPolicy, placed: Sequence[Silence]) -> House:
    made = house(rules=replace(RULES, alerts=policy))
    made.time.sleep(NOON - made.time.now())
    for silence in placed:
        made.store.silence(silence)
    return made


@given(steps, policies, silences)
@settings(max_examples=60)
def test_every_alert_ends_sent_once_or_silent_for_a_reason(
    todo: Sequence[Step], policy: AlertPolicy, placed: Sequence[Silence]
) -> None:
    made = office(policy, placed)

    keys = live(made, todo)

    told = [x.key for _, alerts in made.slack.sent for x in alerts]
    ended = {x.key: x for x in made.store.latest(99)}
    assert ended.keys() == keys
    assert len(told) == len(set(told))
    assert set(told) == {k for k, x in ended.items() if x.state is MessageState.SENT}
    for x in ended.values():
        assert x.state is not MessageState.WAITS
        assert x.state is MessageState.SENT or x.why in (Why.SILENCED, Why.SETTLED)
    assert made.outbox() == {}


@given(steps, policies)
@settings(max_examples=60)
def test_a_route_gets_one_gathered_message_an_interval(
    todo: Sequence[Step], policy: AlertPolicy
) -> None:
    made = office(policy, ())

    live(made, todo)

    gathered: dict[Route, set[datetime]] = defaultdict(set)
    for x in made.store.latest(99):
        if x.why is Why.TOGETHER and x.sent_at:
            gathered[x.channel, x.kind].add(x.sent_at)
    for instants in gathered.values():
        ordered = sorted(instants)
        pairs = pairwise(ordered)
        assert all(later - earlier >= policy.interval for earlier, later in pairs)


@given(steps, policies)
@settings(max_examples=30)
def test_a_second_look_at_the_same_instant_changes_nothing(
    todo: Sequence[Step], policy: AlertPolicy
) -> None:
    made = office(policy, ())
    for after, news in actions_of(todo):
        made.time.sleep(after)
        made.store.commit(Commit(now=made.time.now(), actions=tuple(news)))
        look(made)
        before = (list(made.slack.sent), made.store.latest(99))

        look(made)

        assert (made.slack.sent, made.store.latest(99)) == before


class Killed(BaseException):
    """Like a SIGKILL: nobody catches it."""


troubles = st.lists(st.sampled_from(["", "", "down", "lost", "killed"]), min_size=1, max_size=12)


@given(steps, policies, troubles)
@settings(max_examples=60)
def test_whatever_fails_on_the_way_every_alert_is_told_exactly_once(
    todo: Sequence[Step], policy: AlertPolicy, ahead: Sequence[str]
) -> None:
    made = office(policy, ())
    keys: set[ActionKey] = set()
    coming = iter(ahead)
    for after, news in actions_of(todo):
        made.time.sleep(after)
        made.store.commit(Commit(now=made.time.now(), actions=tuple(news)))
        keys |= {x.key for x in news if isinstance(x, SendAlert)}
        go_wrong(made, next(coming, ""))
    for trouble in (*coming, *[""] * 96):
        made.time.sleep(DAY / 48)
        go_wrong(made, trouble)

    told = [x.key for _, alerts in made.slack.sent for x in alerts]
    silent = {x.key for x in made.store.latest(99) if x.state is MessageState.SILENT}
    assert sorted([*told, *silent]) == sorted(keys)
    assert made.outbox() == {}


def go_wrong(made: House, trouble: str) -> None:
    """One look, on which this happens to the next message."""
    made.slack.fails = TransientError("Slack is down") if trouble == "down" else None
    made.slack.loses = None
    if trouble == "lost":
        made.slack.loses = TransientError("no answer")
    if trouble == "killed":
        made.slack.loses = Killed()  # type: ignore[assignment]  # no error of ours, on purpose
    with suppress(Killed):
        deliver(made.pair, made.context(), stopping=lambda: False)

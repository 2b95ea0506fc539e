"""The example in docs/HANDOFF.md, by which a sales leader agrees, is what the clocks say; what
docs/HANDOFF_ADMIN.md shows can be configured."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from config_files import EXAMPLE, PROJECT, example_copy
from core_cases import lead, transition
from rich.console import Console
from ruamel.yaml import YAML

from syncd.cli.clocks import account_page
from syncd.cli.local import Local, promise_words
from syncd.core.handoff import accept, due_rung, give, moved_by, open_handoff, taken
from syncd.domain.handoff import Handoff, HandoffState
from syncd.domain.policy import Policy
from syncd.domain.stage import Transition
from syncd.settings.load import examine, load

ROSA = "rosa.delgado@example.com"
LOCAL = Local("America/New_York")
PAGE = PROJECT / "docs" / "HANDOFF.md"


def new_york(day: int, hour: int, minute: int) -> datetime:
    """In November 2026; Thanksgiving is the 26th."""
    return datetime(2026, 11, day, hour, minute, tzinfo=ZoneInfo("America/New_York")).astimezone(
        UTC
    )


def moved(day: int, hour: int, minute: int) -> Transition:
    return transition(at=new_york(day, hour, minute))


def offered(policy: Policy) -> Handoff:
    """On Wednesday afternoon, and Rosa's a quarter of an hour later."""
    everybody = policy.segments[-1]
    found = open_handoff(lead(), moved(25, 16, 40), owner=None, segment=everybody, policy=policy)
    return give(
        found, moved_by(moved(25, 16, 55), HandoffState.ASSIGNED, owner=ROSA), policy=policy
    )


def accepted(found: Handoff, policy: Policy) -> Handoff:
    """On Monday, a little after the warning."""
    warned_at = new_york(30, 11, 30)
    warning = due_rung(found, now=warned_at, fresh=warned_at)
    assert warning is not None
    how = moved_by(moved(30, 11, 40), HandoffState.ACCEPTED)
    return accept(taken(found, warning, at=warned_at), how, policy=policy)


def block(number: int) -> list[str]:
    """The lines of the page's n-th example."""
    return PAGE.read_text(encoding="utf-8").split("```")[2 * number - 1].splitlines()[1:]


@pytest.fixture(scope="module")
def policy() -> Policy:
    example = load(EXAMPLE, {}, None).policy
    return replace(example, away={ROSA: frozenset({date(2026, 11, 27)})})


def test_the_example_that_sales_agrees_to_is_what_the_clocks_say(policy: Policy) -> None:
    text = StringIO()
    shown = Console(width=200, file=text)

    for part in account_page(
        [accepted(offered(policy), policy)], policy, LOCAL, now=new_york(30, 12, 0)
    ):
        shown.print(part)

    assert [line.rstrip() for line in text.getvalue().splitlines() if line.strip()] == block(1)


def test_what_would_have_followed_is_what_the_ladder_plans(policy: Policy) -> None:
    clock = offered(policy).clocks[-1]

    planned = [f"{rung:10}{LOCAL.words(at)}" for rung, at in clock.steps]

    assert planned == block(2)


def test_the_numbers_in_the_words_are_those_of_the_example(policy: Policy) -> None:
    everybody, page = policy.segments[-1], PAGE.read_text(encoding="utf-8")
    ladder, recycle = everybody.ladder, policy.recycle

    spans = (everybody.assign_within, everybody.accept_within, policy.snooze)
    steps = (ladder.escalate_after, ladder.recycle_after, recycle.cool_off)

    assert all(span and f"**{promise_words(span)}**" in page for span in (*spans, *steps))
    assert f"**{ladder.warn_at:.0%}**" in page.replace("75 %", "75%")
    assert f"**{recycle.most_cycles} rounds**" in page


def test_every_part_of_the_admins_page_passes_the_check(tmp_path: Path) -> None:
    page = (PROJECT / "docs" / "HANDOFF_ADMIN.md").read_text(encoding="utf-8")
    parts = YAML(typ="safe").load("\n".join(re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)))
    config = example_copy(tmp_path)
    example = YAML(typ="safe").load(config / "policy.yaml")

    YAML().dump(example | parts, config / "policy.yaml")

    assert examine(config, {}, None).problems == ()
    assert {"calendars", "away", "handoffs", "snooze"} <= set(parts)

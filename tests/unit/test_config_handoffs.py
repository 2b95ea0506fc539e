"""What sales promises, by kind of lead, as policy.yaml says it."""

from dataclasses import replace as changed
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from config_files import EXAMPLE, example_copy, replace, said

from syncd.domain.calendar import BusinessDays, BusinessHours, Elapsed
from syncd.domain.names import FieldName
from syncd.domain.policy import AcceptNeeds, Ladder, Policy
from syncd.domain.stage import Stage
from syncd.domain.standard import AfterRejection, FieldTest, Is, RejectionReason
from syncd.settings.advice import advice
from syncd.settings.load import examine, load

_HANDOFFS = """\
handoffs:
  demo-request:
    when: {field: source, is: Demo Request}
    calendar: sales
    assign_within: 30 business minutes
    accept_within: 1 business hour
    touch_within: 2 business hours
    disposition_within: 10 business days
    accept_needs: activity
    manager: Head.Of.Inbound@example.com
    ladder:
      warn_at: 50%
      escalate_after: 0h
      reassign_after: 1 business hour
      reassign_to: [Ann@example.com, queue: Inbound]
      recycle_after: 1 business day
  everybody:
    calendar: sales
    accept_within: 36h
    ladder: {}
"""
_LADDER = "ladder: {}"


def _config(tmp_path: Path, handoffs: str = _HANDOFFS) -> Path:
    """The example with these handoffs for its own."""
    config = example_copy(tmp_path)
    text = (config / "policy.yaml").read_text(encoding="utf-8")
    start, end = text.index("handoffs:\n"), text.index("# Once in each handoff")
    (config / "policy.yaml").write_text(text[:start] + handoffs + text[end:], encoding="utf-8")
    return config


def _policy(tmp_path: Path) -> Policy:
    return load(_config(tmp_path), {}, None).policy


def test_handoffs_are_asked_in_the_order_in_which_they_are_written(tmp_path: Path) -> None:
    first, last = _policy(tmp_path).segments

    assert (first.name, last.name) == ("demo-request", "everybody")
    assert first.when == FieldTest(FieldName("source"), Is("Demo Request"))
    assert last.when is None


def test_every_promise_has_a_span_of_its_own(tmp_path: Path) -> None:
    first = _policy(tmp_path).segments[0]

    assert first.assign_within == BusinessHours(timedelta(minutes=30))
    assert first.accept_within == BusinessHours(timedelta(hours=1))
    assert first.touch_within == BusinessHours(timedelta(hours=2))
    assert first.dispose_within == BusinessDays(10)
    assert first.accept_needs is AcceptNeeds.ACTIVITY
    assert first.calendar.time_zone == "America/New_York"
    assert first.manager == "head.of.inbound@example.com"


def test_a_ladder_names_people_by_address_and_queues_by_name(tmp_path: Path) -> None:
    ladder = _policy(tmp_path).segments[0].ladder

    assert ladder == Ladder(
        warn_at=0.5,
        escalate_after=Elapsed(timedelta()),
        reassign_after=BusinessHours(timedelta(hours=1)),
        reassign_to=("ann@example.com", "queue:Inbound"),
        recycle_after=BusinessDays(1),
    )


def test_what_is_not_written_is_not_promised(tmp_path: Path) -> None:
    last = _policy(tmp_path).segments[1]

    assert last.assign_within == BusinessHours(timedelta(hours=2))
    assert last.accept_within == Elapsed(timedelta(hours=36))
    assert (last.touch_within, last.dispose_within, last.manager) == (None, None, None)
    assert last.accept_needs is AcceptNeeds.STAGE
    assert last.ladder == Ladder(warn_at=0.75)


def test_days_off_are_single_ones_or_from_the_first_to_the_last(tmp_path: Path) -> None:
    config = example_copy(tmp_path)
    away = "away: {Ann@example.com: [2026-12-11, 2026-12-30..2027-01-01]}\nsnooze:"
    replace(config, "policy.yaml", "snooze:", away)

    policy = load(config, {}, None).policy

    days = (date(2026, 12, 11), date(2026, 12, 30), date(2026, 12, 31), date(2027, 1, 1))
    assert policy.away == {"ann@example.com": frozenset(days)}


def test_a_snooze_and_the_approvers_are_carried(tmp_path: Path) -> None:
    policy = _policy(tmp_path)

    assert policy.snooze == BusinessHours(timedelta(hours=2))
    assert policy.approvers == ("revops@example.com", "sales.manager@example.com")


def test_a_recycled_lead_has_somewhere_to_go_and_something_to_do_first(tmp_path: Path) -> None:
    config = example_copy(tmp_path)
    more = "most_cycles: 3\n  requalify_points: 20\n  nurture_list: 87\n  campaign: 701A00000000001"
    replace(config, "policy.yaml", "most_cycles: 3", more)

    recycle = load(config, {}, None).policy.recycle

    assert recycle.requalify_points == Decimal(20)
    assert (recycle.nurture_list, recycle.campaign) == ("87", "701A00000000001")
    assert recycle.retire_to is Stage.DISQUALIFIED


def test_the_standard_names_the_reasons_for_a_rejection() -> None:
    rejections = load(EXAMPLE, {}, None).standard.rejections

    assert rejections["bad-timing"] == RejectionReason(
        id="bad-timing", says="The time is not right for them", then=AfterRejection.SLEEP
    )
    assert {reason.then for reason in rejections.values()} == set(AfterRejection)


def test_a_standard_without_reasons_is_warned_of() -> None:
    settings = load(EXAMPLE, {}, None)
    without = changed(settings, standard=changed(settings.standard, rejections={}))

    warnings = advice(without, today=date(2026, 11, 2))

    assert any("names no rejections" in warning for warning in warnings)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (_LADDER, "ladder: {warn_at: 0}", "is not a share of a whole"),
        (_LADDER, "ladder: {reassign_to: [ann@example.com]}", "it is not said when they get"),
        (_LADDER, "ladder: {expire_after: 4h}", 'unknown key "expire_after"'),
        (
            _LADDER,
            "ladder: {escalate_after: 2 business hours, recycle_after: 1 business hour}",
            "it is recycled before the manager is told",
        ),
        ("queue: Inbound]", "Ann@example.com]", '"ann@example.com" is named twice'),
        ("queue: Inbound]", "Inbound]", "write the person's email address, or queue: NAME"),
        ("queue: Inbound]", "{queue: }]", "is neither a person nor a queue"),
        ("is: Demo Request}", "at_least: 5}", "at_least"),
        ("when: {field: source, is: Demo Request}", "when: {field: source}", "nothing is asked"),
        ("Head.Of.Inbound@example.com", "the head of inbound", "write one such as ann@example.com"),
        ("accept_needs: activity", "accept_needs: activities", 'did you mean "activity"?'),
        ("calendar: sales\n    accept_within: 36h", "accept_within: 36h", '"calendar" is missing'),
        ("    ladder: {}\n", "", '"ladder" is missing'),
        ("demo-request:", "Demo request:", 'write it as "demo-request"'),
    ],
)
def test_a_promise_that_cannot_be_kept_or_counted_is_refused_in_words(
    old: str, new: str, words: str, tmp_path: Path
) -> None:
    config = _config(tmp_path)
    replace(config, "policy.yaml", old, new)

    examined = examine(config, {}, None)

    assert words in said(config, examined.problems)
    assert len(examined.problems) == 1, said(config, examined.problems)


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ("2026-12-24..2072-01-02", "look at the year of the last day"),
        ("christmas", "write 2026-12-24, or 2026-12-24..2027-01-02"),
        ("2026-12-24..", "write 2026-12-24"),
        ("2026-12-24 to 2026-12-31", "is neither a day nor days in a row"),
        ("[2026-12-24]", "a list is neither a day nor days in a row"),
    ],
)
def test_days_off_that_cannot_be_are_refused_in_words(
    days: str, words: str, tmp_path: Path
) -> None:
    config = example_copy(tmp_path)
    replace(config, "policy.yaml", "snooze:", f"away: {{ann@example.com: [{days}]}}\nsnooze:")

    examined = examine(config, {}, None)

    assert words in said(config, examined.problems)
    assert len(examined.problems) == 1, said(config, examined.problems)


def test_a_step_on_the_ladder_that_only_a_manager_can_hear_of_needs_one(tmp_path: Path) -> None:
    config = _config(tmp_path, _HANDOFFS.replace(_LADDER, "ladder: {escalate_after: 1h}"))
    replace(config, "policy.yaml", "  manager: sales.manager@example.com\n", "")

    examined = examine(config, {}, None)

    assert "no manager is named, here or under alerts" in said(config, examined.problems)
    assert len(examined.problems) == 1


def test_a_rejection_disqualifies_only_where_a_crm_can_show_it(tmp_path: Path) -> None:
    config = example_copy(tmp_path)
    line = "    - {stage: disqualified, values: {Status: Disqualified}}\n"
    replace(config, "crm.yaml", line, "")
    replace(config, "policy.yaml", "retire_to: disqualified", "retire_to: nurture")

    examined = examine(config, {}, None)

    words = said(config, examined.problems)
    assert words.count('"disqualified" cannot be written to Salesforce') == 2, words
    assert 'rejection "wrong-fit": then:' in words

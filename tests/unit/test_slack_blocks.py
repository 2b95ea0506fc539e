"""How alerts look in Slack, and that nothing in them can break out or break the limits."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncd.adapters.slack.blocks import (
    BLOCKS_LIMIT,
    GROUP_LINES,
    HEADER_LIMIT,
    SECTION_LIMIT,
    Message,
    answered,
    lay_out,
)
from syncd.adapters.slack.buttons import About, about, buttons
from syncd.adapters.slack.text import link, moment, plain
from syncd.domain.action import SendAlert
from syncd.domain.alert import Act, Alert, AlertKind, Link
from syncd.domain.names import ActionKey, LeadId

AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
ALERT = Alert(
    kind=AlertKind.BLOCKED,
    at=AT,
    title="Ada Byte was moved back to MQL",
    summary="Ada Byte: back to MQL, 2 things missing",
    why=("The budget is known: seen nothing, needed a value.", "A decision maker is named."),
    next_step="Fill in Budget, then move the lead again.",
    facts=(("Owner", "Ann Lee"), ("Company", "Byte & Co")),
    links=(Link(label="HubSpot", url="https://app.hubspot.com/contacts/1/record/0-1/2?a=1&b=2"),),
    to="ann@example.com",
)
MENTIONS = {"ann@example.com": "<@U1>"}


def words(message: Message) -> str:
    return json.dumps(message.blocks, ensure_ascii=False)


def header(message: Message) -> str:
    text: str = message.blocks[0]["text"]["text"]
    return text


def body(message: Message) -> str:
    text: str = message.blocks[1]["text"]["text"]
    return text


def test_one_alert_says_what_happened_why_and_what_to_do() -> None:
    message = lay_out([ALERT], MENTIONS)

    assert header(message) == "⛔ Ada Byte was moved back to MQL"
    assert body(message) == (
        "For <@U1>\n*Why*\n"
        "• The budget is known: seen nothing, needed a value.\n"
        "• A decision maker is named.\n"
        "*Next step:* Fill in Budget, then move the lead again."
    )
    assert message.text == "⛔ Ada Byte: back to MQL, 2 things missing"


def test_what_only_tells_gives_no_reasons() -> None:
    message = lay_out([replace(ALERT, kind=AlertKind.MEETING, to="")], MENTIONS)

    assert body(message).startswith("*In short*\n• The budget is known")


def test_facts_stand_side_by_side_and_links_and_time_below() -> None:
    message = lay_out([ALERT], MENTIONS)

    assert [field["text"] for field in message.blocks[2]["fields"]] == [
        "*Owner*\nAnn Lee",
        "*Company*\nByte &amp; Co",
    ]
    assert message.blocks[3]["elements"][0]["text"] == (
        "<https://app.hubspot.com/contacts/1/record/0-1/2?a=1&amp;b=2|HubSpot> · "
        "<!date^1772438400^{date_short_pretty} {time}|2026-03-02 08:00 UTC>"
    )


def test_an_owner_slack_does_not_know_is_named_in_words() -> None:
    assert body(lay_out([ALERT], {})).startswith("For ann@example.com\n")
    assert body(lay_out([replace(ALERT, to="queue:EMEA")], {})).startswith("For EMEA\n")


def test_an_alert_of_a_title_alone_has_no_empty_blocks() -> None:
    bare = Alert(kind=AlertKind.BLIND, at=AT, title="HubSpot cannot be read", summary="HubSpot")

    message = lay_out([bare], {})

    assert [block["type"] for block in message.blocks] == ["header", "context"]


@pytest.mark.parametrize("kind", AlertKind)
def test_every_kind_has_looks_alone_and_in_a_group(kind: AlertKind) -> None:
    alert = replace(ALERT, kind=kind)

    assert header(lay_out([alert], {})).endswith("Ada Byte was moved back to MQL")
    assert " 2 " in header(lay_out([alert, alert], {}))


def test_many_of_a_kind_share_a_message_with_a_line_each() -> None:
    message = lay_out([ALERT, replace(ALERT, summary="Bo Lee: back to MQL", to=None)], MENTIONS)

    assert header(message) == "⛔ 2 moves taken back"
    first, second = body(message).splitlines()
    assert first.startswith("• Ada Byte: back to MQL, 2 things missing · <@U1> · <https://")
    assert second.startswith("• Bo Lee: back to MQL · <https://")


def test_a_crowd_is_counted_after_a_screenful() -> None:
    message = lay_out([ALERT] * 57, MENTIONS)

    said = "\n".join(b["text"]["text"] for b in message.blocks if b["type"] == "section")
    assert said.count("• Ada Byte") == GROUP_LINES
    assert said.endswith("… and 37 more")


NASTY = "<!channel> <@U9> <https://evil.example|here> a & b\n> quote"


def test_what_can_be_done_stands_below_what_there_is_to_know() -> None:
    action = SendAlert(
        key=ActionKey("alert:1"),
        lead_id=LeadId("lead-1"),
        alert=replace(ALERT, acts=(Act.ACCEPT, Act.REJECT), subject="h-1"),
    )

    message = lay_out([ALERT], MENTIONS, buttons(action))

    row = message.blocks[-2]
    assert [button["text"]["text"] for button in row["elements"]] == ["Accept", "Reject…"]
    assert [button["action_id"] for button in row["elements"]] == ["accept", "reject"]
    assert about(row["elements"][0]["value"]) == About(
        alert=ActionKey("alert:1"), lead=LeadId("lead-1"), subject="h-1"
    )
    assert message.blocks[-1]["type"] == "context"


def test_an_alert_without_acts_has_no_row_of_buttons() -> None:
    assert buttons(SendAlert(key=ActionKey("alert:1"), lead_id=None, alert=ALERT)) == ()


def test_a_button_that_could_not_say_what_it_is_about_is_not_drawn() -> None:
    alert = replace(ALERT, acts=(Act.ACCEPT,), subject="h" * 2_000)

    assert buttons(SendAlert(key=ActionKey("alert:1"), lead_id=None, alert=alert)) == ()


@pytest.mark.parametrize("act", Act)
def test_every_act_has_a_button(act: Act) -> None:
    alert = replace(ALERT, acts=(act,), subject="h-1")

    [row] = buttons(SendAlert(key=ActionKey("alert:1"), lead_id=None, alert=alert))

    assert row["elements"][0]["action_id"] == act.value
    assert 1 <= len(row["elements"][0]["text"]["text"]) <= 75


@pytest.mark.parametrize("value", ["h-1", "[]", '{"alert": "x"}', ""])
def test_a_value_that_is_not_ours_is_about_nothing(value: str) -> None:
    with pytest.raises(ValueError, match="nothing that syncd knows"):
        about(value)


def test_a_settled_alert_says_what_became_of_it_and_asks_for_nothing() -> None:
    message = answered(ALERT, MENTIONS, "Accepted by <ann> *now*", ())

    assert message.blocks[-2]["text"]["text"] == "*Accepted by &lt;ann&gt; ∗now∗*"
    assert all(block["type"] != "actions" for block in message.blocks)
    assert "Next step" not in words(message)


def test_an_alert_that_is_put_off_still_asks_for_what_can_be_answered() -> None:
    left = replace(ALERT, acts=(Act.ACCEPT,), subject="h-1")

    message = answered(left, MENTIONS, "Snoozed by Ann", ())

    assert "Fill in Budget" in words(message)
    assert "Snoozed by Ann" in words(message)


def test_a_very_long_alert_keeps_its_buttons() -> None:
    alert = replace(ALERT, why=("x" * 600,) * 400)
    action = SendAlert(
        key=ActionKey("alert:1"), lead_id=None, alert=replace(alert, acts=(Act.ACCEPT,))
    )

    message = lay_out([alert], MENTIONS, buttons(action))

    assert len(message.blocks) == BLOCKS_LIMIT
    assert [block["type"] for block in message.blocks[-2:]] == ["actions", "context"]


def test_crm_text_can_neither_ping_nor_link_nor_break_lines() -> None:
    alert = replace(
        ALERT,
        title=NASTY,
        summary=NASTY,
        why=(NASTY,),
        next_step=NASTY,
        facts=((NASTY, NASTY),),
        links=(Link(label=NASTY, url="https://crm.example/1|<!here>"),),
        to=None,
    )

    for message in (lay_out([alert], {}), lay_out([alert, alert], {})):
        said = words(message) + message.text
        assert "<!channel" not in said
        assert "<!here" not in said
        assert "<@" not in said
        assert "<https://evil" not in said
        assert "\n>" not in said
        assert "&lt;!channel&gt;" in said


TEXT = st.text(max_size=4_000)
ALERTS = st.builds(
    Alert,
    kind=st.just(AlertKind.HANDOFF),
    at=st.just(AT),
    title=TEXT,
    summary=TEXT,
    why=st.lists(TEXT, max_size=20).map(tuple),
    next_step=TEXT,
    facts=st.lists(st.tuples(TEXT, TEXT), max_size=30).map(tuple),
    links=st.lists(st.builds(Link, label=TEXT, url=TEXT), max_size=3).map(tuple),
    to=st.none() | TEXT,
)


@given(st.lists(ALERTS, min_size=1, max_size=3))
def test_no_message_outgrows_slacks_limits(alerts: list[Alert]) -> None:
    message = lay_out(alerts, {})

    assert len(message.blocks) <= BLOCKS_LIMIT
    assert len(message.text) <= SECTION_LIMIT
    for block in message.blocks:
        if block["type"] == "header":
            assert 1 <= len(block["text"]["text"]) <= HEADER_LIMIT
        elif block["type"] == "context":
            assert all(1 <= len(e["text"]) <= SECTION_LIMIT for e in block["elements"])
        elif "fields" in block:
            assert 1 <= len(block["fields"]) <= 10
            assert all(1 <= len(field["text"]) <= 2000 for field in block["fields"])
        else:
            assert 1 <= len(block["text"]["text"]) <= SECTION_LIMIT


def test_a_very_long_explanation_still_ends_with_links_and_time() -> None:
    message = lay_out([replace(ALERT, why=("x" * 600,) * 400)], MENTIONS)

    assert len(message.blocks) == BLOCKS_LIMIT
    assert message.blocks[-1]["type"] == "context"


@given(TEXT, st.integers(min_value=1, max_value=200))
def test_cutting_never_tears_an_escape_nor_passes_the_limit(text: str, limit: int) -> None:
    cut = plain(text, limit=limit)

    assert len(cut) <= limit
    rest = cut.replace("&amp;", "").replace("&lt;", "").replace("&gt;", "")
    assert not set(rest) & set("&<>")


def test_text_that_fits_is_kept_whole() -> None:
    assert plain("a <b> & c", limit=19) == "a &lt;b&gt; &amp; c"
    assert plain("a <b> & c", limit=18) == "a &lt;b&gt; &amp;…"


def test_a_links_label_and_target_cannot_end_it_early() -> None:
    assert link("a|b>", "https://x.example/?q=<1|2>&z=1") == (
        "<https://x.example/?q=%3C1%7C2%3E&amp;z=1|a¦b&gt;>"
    )


def test_an_instant_is_shown_in_the_readers_own_time_zone() -> None:
    assert moment(AT) == ("<!date^1772438400^{date_short_pretty} {time}|2026-03-02 08:00 UTC>")

"""What people click in Slack, over real HTTP and a real WebSocket: it becomes orders, once."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from slack_room import LEAD, TALK, Room, Tray, listening_room

from syncd.domain.alert import Act
from syncd.domain.names import ActionKey, FieldName, HandoffId
from syncd.domain.order import (
    AcceptHandoff,
    AnswerWaiver,
    AskWaiver,
    MarkAlert,
    RejectHandoff,
    SnoozeHandoff,
    Via,
    What,
)
from syncd.domain.stage import Stage
from syncd.errors import StoreError
from syncd.sandbox.journal import System
from syncd.sandbox.slack.forms import View

HANDOFF = HandoffId("h-1")


@pytest.fixture
def room() -> Iterator[Room]:
    with listening_room() as found:
        yield found


def test_who_listens_to_slack_silences_slack_alone(room: Room) -> None:
    """With each click Bolt gives the logger of its app's name the level of the SDK's."""
    room.click(room.alert(Act.ACCEPT), Act.ACCEPT)

    assert room.told()
    assert logging.getLogger("syncd.daemon").isEnabledFor(logging.CRITICAL)


def test_accept_becomes_an_order_of_the_person_and_says_so_to_them_alone(room: Room) -> None:
    room.click(room.alert(Act.ACCEPT, Act.REJECT), Act.ACCEPT)

    assert room.told().startswith("Noted: you accept this lead.")
    [order] = room.orders()
    assert order.what == AcceptHandoff(lead_id=LEAD.id, handoff_id=HANDOFF)
    assert (order.by, order.via) == ("ann@example.com", Via.SLACK)
    assert room.workspace.whispers[0].user == room.ann.id


@pytest.mark.parametrize(
    ("act", "what"),
    [
        (Act.SNOOZE, SnoozeHandoff(lead_id=LEAD.id, handoff_id=HANDOFF)),
        (Act.APPROVE, AnswerWaiver(lead_id=LEAD.id, asked="h-1", granted=True)),
        (Act.REFUSE, AnswerWaiver(lead_id=LEAD.id, asked="h-1", granted=False)),
        (Act.NOT_USEFUL, MarkAlert(alert_key=ActionKey("alert:h-1"))),
    ],
)
def test_each_button_is_its_own_order(room: Room, act: Act, what: What) -> None:
    room.click(room.alert(act), act)

    assert room.told().startswith("Noted:")
    assert [order.what for order in room.orders()] == [what]


def test_a_click_is_acknowledged_before_anything_else_is_done(room: Room) -> None:
    message = room.alert(Act.ACCEPT)
    room.tray.free.clear()

    envelope = room.click(message, Act.ACCEPT)

    assert envelope.answered.is_set()
    assert room.orders() == []
    room.tray.free.set()
    assert room.told().startswith("Noted")


def test_a_double_click_places_one_order(room: Room) -> None:
    message = room.alert(Act.ACCEPT)

    room.click(message, Act.ACCEPT)
    room.click(message, Act.ACCEPT)

    room.told(2)
    answers = sorted(whisper.text[:7] for whisper in room.workspace.whispers)
    assert answers == ["It is n", "Noted: "]
    assert len(room.orders()) == 1


def test_an_envelope_that_comes_again_places_nothing_new_even_when_all_is_done(room: Room) -> None:
    envelope = room.click(room.alert(Act.ACCEPT), Act.ACCEPT)
    room.told()
    room.tray.carry_out()

    room.workspace.sockets.send_again(envelope)

    room.told(2)
    assert len(room.orders()) == 1


def test_a_click_after_the_first_was_carried_out_is_asked_again(room: Room) -> None:
    message = room.alert(Act.ACCEPT)
    room.click(message, Act.ACCEPT)
    room.told()
    room.tray.carry_out()

    room.click(message, Act.ACCEPT)

    room.told(2)
    assert len(room.orders()) == 2


def test_two_people_may_click_the_same_button(room: Room) -> None:
    message = room.alert(Act.NOT_USEFUL)
    bo = room.workspace.add_user("bo", "bo@example.com", "Bo")

    room.click(message, Act.NOT_USEFUL)
    room.click(message, Act.NOT_USEFUL, by=bo)

    room.told(2)
    assert {order.by for order in room.orders()} == {"ann@example.com", "bo@example.com"}


def test_somebody_of_another_workspace_is_nobody_whatever_their_address(room: Room) -> None:
    room.click(room.alert(Act.ACCEPT), Act.ACCEPT, by=room.stranger)

    assert room.told().startswith("syncd does not know you")
    assert room.orders() == []


def test_a_person_without_an_address_is_told_what_else_they_can_do(room: Room) -> None:
    nameless = room.workspace.add_user("nn", "", "N. N.")

    room.click(room.alert(Act.ACCEPT), Act.ACCEPT, by=nameless)

    assert "Say it in the CRM" in room.told()
    assert room.orders() == []


def test_a_person_is_looked_up_once(room: Room) -> None:
    for number in range(3):
        room.click(room.alert(Act.ACCEPT, subject=f"h-{number}"), Act.ACCEPT)
        room.told(number + 1)

    assert room.world.requests.count(System.SLACK, "POST /api/users.info") == 1


def test_an_answer_in_a_thread_is_whispered_there(room: Room) -> None:
    first = room.alert()
    room.workspace.messages[-1] = replace(room.alert(Act.ACCEPT), thread_ts=first.ts)

    room.click(room.workspace.messages[-1], Act.ACCEPT)

    room.told()
    assert room.workspace.whispers[0].thread_ts == first.ts


def test_a_store_that_takes_nothing_is_said_and_the_next_click_counts(room: Room) -> None:
    message = room.alert(Act.ACCEPT)
    room.tray.fails = StoreError("the disk is full")
    room.click(message, Act.ACCEPT)
    assert "nothing was changed: the disk is full" in room.told()

    room.tray.fails = None
    room.click(message, Act.ACCEPT)

    assert room.told(2).startswith("Noted")
    assert len(room.orders()) == 1


def test_a_bug_is_said_and_stops_nothing(room: Room) -> None:
    message = room.alert(Act.ACCEPT)
    room.tray.placed = None  # type: ignore[assignment] # that is the bug
    room.click(message, Act.ACCEPT)
    assert "a bug in syncd" in room.told()

    room.tray.placed = {}
    room.click(message, Act.ACCEPT)

    assert room.told(2).startswith("Noted")


def test_a_button_of_an_older_version_is_not_guessed_at(room: Room) -> None:
    message = room.alert(Act.ACCEPT)
    message.blocks[-2]["elements"][0]["value"] = "h-1"

    room.click(message, Act.ACCEPT)

    assert room.told().startswith("syncd does not know this button any more")
    assert room.orders() == []


def test_an_order_is_placed_though_the_whisper_is_lost(room: Room) -> None:
    message = room.alert(Act.ACCEPT)
    room.arm("chat.postEphemeral", "reset")

    room.click(message, Act.ACCEPT)
    room.click(message, Act.ACCEPT)

    assert room.told().startswith(("Noted", "It is noted already"))
    assert len(room.orders()) == 1


# -- forms ---------------------------------------------------------------------


def rejecting(room: Room) -> View:
    room.click(room.alert(Act.REJECT), Act.REJECT)
    return room.form()


def test_reject_asks_why_and_what_was_missing(room: Room) -> None:
    view = rejecting(room)

    room.submit(
        view,
        {
            "reason": "no-need",
            "missing": ["budget", "phone"],
            "objection": " too dear ",
            "note": "call in autumn\nnot before",
        },
    )

    [order] = room.orders()
    assert order.what == RejectHandoff(
        lead_id=LEAD.id,
        handoff_id=HANDOFF,
        reason="no-need",
        missing=(FieldName("budget"), FieldName("phone")),
        objection="too dear",
        note="call in autumn\nnot before",
    )
    assert room.told().startswith("Noted: you reject this lead.")
    assert not view.is_open


def test_a_lead_that_sleeps_needs_a_day_to_come(room: Room) -> None:
    view = rejecting(room)

    room.submit(view, {"reason": "bad-timing"})
    assert view.errors == {"until": "Say until when it sleeps."}
    room.submit(view, {"reason": "bad-timing", "until": "2026-03-02"})
    assert view.errors == {"until": "Give a day to come."}
    room.submit(view, {"reason": "bad-timing", "until": "2026-09-01"})

    [order] = room.orders()
    assert isinstance(order.what, RejectHandoff)
    assert order.what.until == date(2026, 9, 1)


def test_only_a_lead_that_sleeps_has_a_day(room: Room) -> None:
    view = rejecting(room)

    room.submit(view, {"reason": "wrong-fit", "until": "2026-09-01"})

    assert "take it away" in view.errors["until"]
    assert room.orders() == []


def test_a_form_that_cannot_be_noted_stays_open_with_all_that_is_in_it(room: Room) -> None:
    view = rejecting(room)
    room.tray.fails = StoreError("the disk is full")

    room.submit(view, {"reason": "no-need", "note": "a long story"})

    assert "the disk is full" in view.errors["reason"]
    assert view.is_open


def test_a_form_of_a_lead_that_was_erased_meanwhile_says_so(room: Room) -> None:
    view = rejecting(room)
    room.tray.leads.clear()

    room.submit(view, {"reason": "no-need"})

    assert view.errors == {"reason": "syncd does not have this lead any more."}


def test_a_waiver_is_asked_for_with_rules_reason_and_day(room: Room) -> None:
    room.click(room.alert(Act.ASK_WAIVER), Act.ASK_WAIVER)

    room.submit(
        room.form(),
        {"rules": ["sql:budget-known"], "reason": "the board decides", "until": "2026-03-31"},
    )

    [order] = room.orders()
    assert isinstance(order.what, AskWaiver)
    waiver = order.what.waiver
    assert (waiver.gate, waiver.rules, waiver.by) == (
        Stage.SQL,
        ("budget-known",),
        "ann@example.com",
    )
    assert f"{waiver.expires_at:%Y-%m-%d %H:%M}" == "2026-03-31 21:59"  # in Berlin, midnight
    assert (waiver.lead_id, waiver.cycle) == (LEAD.id, LEAD.cycle)


def test_a_waiver_is_for_one_gate(room: Room) -> None:
    room.click(room.alert(Act.ASK_WAIVER), Act.ASK_WAIVER)
    view = room.form()

    room.submit(
        view,
        {
            "rules": ["sql:budget-known", "mql:company-size"],
            "reason": "x",
            "until": "2026-03-31",
        },
    )

    assert "one gate" in view.errors["rules"]


def test_a_form_that_comes_again_places_one_order(room: Room) -> None:
    view = rejecting(room)

    envelope = room.submit(view, {"reason": "no-need"})
    room.workspace.sockets.send_again(envelope)

    room.told(2)
    assert len(room.orders()) == 1


def test_without_reasons_in_the_standard_there_is_no_form(room: Room) -> None:
    room.listener.learn(replace(TALK, reasons={}))

    room.click(room.alert(Act.REJECT), Act.REJECT)

    assert "names no reasons" in room.told()


def test_new_reasons_are_offered_once_they_are_learned(room: Room) -> None:
    room.listener.learn(replace(TALK, reasons={"no-need": TALK.reasons["no-need"]}))

    view = rejecting(room)

    offered = view.says["blocks"][0]["element"]["options"]
    assert [option["value"] for option in offered] == ["no-need"]
    assert offered[0]["text"]["text"] == "No need shown (back to marketing)"


def test_a_form_opened_too_late_is_said(room: Room) -> None:
    room.arm("views.open", "status", status=200, body={"ok": False, "error": "expired_trigger_id"})

    room.click(room.alert(Act.REJECT), Act.REJECT)

    assert "click again" in room.told()


# -- the line ------------------------------------------------------------------


def test_a_line_that_was_cut_is_opened_anew_and_heard_on(room: Room) -> None:
    message = room.alert(Act.ACCEPT)

    room.workspace.sockets.cut()
    assert room.workspace.sockets.wait_for_lines(0, seconds=5)
    assert room.workspace.sockets.wait_for_lines(1, seconds=5)
    room.click(message, Act.ACCEPT)

    assert room.told().startswith("Noted")


def test_a_line_slack_wants_renewed_is(room: Room) -> None:
    message = room.alert(Act.ACCEPT)

    room.workspace.sockets.refresh()
    assert room.workspace.sockets.wait_for_lines(1, seconds=5)
    room.click(message, Act.ACCEPT)

    assert room.told().startswith("Noted")


def test_a_slack_that_is_not_well_at_first_is_asked_again() -> None:
    with listening_room(late=True) as room:
        room.click(room.alert(Act.ACCEPT), Act.ACCEPT)

        assert room.told().startswith("Noted")
        assert room.listener.is_connected


def test_stopping_hangs_up_and_lets_go_of_the_store() -> None:
    with listening_room(tray := Tray()) as room:
        room.listener.stop()

        assert room.workspace.sockets.wait_for_lines(0, seconds=5)
        assert not room.listener.is_connected
        assert tray.is_closed

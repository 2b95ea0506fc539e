"""People who mean to click: only what a message offers, and only where somebody listens."""

import pytest

from syncd.sandbox.people.cast import Colleague, hire
from syncd.sandbox.people.clicking import Clicks, Intent
from syncd.sandbox.slack.things import Post
from syncd.sandbox.world import World

_BUTTON = {"type": "button", "action_id": "accept", "text": {"type": "plain_text", "text": "Yes"}}


def intent(who: Colleague, button: str = "accept") -> Intent:
    return Intent(who=who, lead_id="00Q1", button=button)


def test_what_nobody_listens_to_is_not_taken_for_done() -> None:
    world = World()
    clicks = Clicks(world, patience=0)
    clicks.mean(intent(hire(world).approver))

    with pytest.raises(TimeoutError, match="nobody listens"):
        clicks.carry_out()

    assert clicks.done == []


def test_an_app_that_never_answers_is_found_out() -> None:
    world = World()
    who, clicks = hire(world).approver, Clicks(world, patience=0.01)
    blocks = [{"type": "actions", "elements": [_BUTTON]}, {"type": "divider", "about": "00Q1"}]
    world.slack.post("#sales", Post(text="x", blocks=blocks), world.slack.bot)
    world.slack.sockets.join(_Deaf())
    clicks.mean(intent(who))

    with pytest.raises(TimeoutError, match="does not answer"):
        clicks.carry_out()


@pytest.mark.parametrize("button", ["accept", "approve"])
def test_a_button_that_is_not_there_about_this_lead_is_not_clicked(button: str) -> None:
    world = World()
    who, clicks = hire(world).approver, Clicks(world, patience=0)
    blocks = [{"type": "actions", "elements": [_BUTTON]}, {"type": "divider", "about": "00Q2"}]
    world.slack.post("#sales", Post(text="x", blocks=blocks), world.slack.bot)
    world.slack.sockets.join(_Deaf())
    clicks.mean(intent(who, button))

    clicks.carry_out()

    assert clicks.done == []


class _Deaf:
    """A line that takes everything and answers nothing."""

    def say(self, message: object) -> None:
        del message

    def cut(self) -> None: ...

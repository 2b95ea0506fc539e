"""One person and one message: what they click and fill in, and what they are told at once.

Every failure is said to the person who acted; a form that cannot be taken stays open with all
that is in it.
"""

from collections.abc import Mapping
from typing import Any, Protocol

import structlog

from syncd.adapters.slack.answers import Asking, Wrong, rejection, waiver_asked
from syncd.adapters.slack.blocks import Block
from syncd.adapters.slack.callers import Callers
from syncd.adapters.slack.click import Body, Click, Where, click_of, submitted, where_of
from syncd.adapters.slack.desk import Desk, ordered
from syncd.adapters.slack.forms import REASON, RULES, reject_form, waiver_form
from syncd.adapters.slack.replies import (
    BUG,
    GONE,
    NO_GATES,
    NO_REASONS,
    OLD_BUTTON,
    UNKNOWN,
    not_noted,
    noted,
    noted_already,
)
from syncd.adapters.slack.talk import Talk
from syncd.domain.alert import Act
from syncd.domain.order import What
from syncd.errors import SyncdError
from syncd.ports import Clock

log = structlog.get_logger()


class Voice(Protocol):
    """Speaking to the person who acted."""

    def whisper(self, where: Where, user_id: str, text: str) -> None:
        """For their eyes only. Fails silently: what was done stays done."""
        ...

    def show(self, trigger_id: str, form: Block) -> None: ...


class Conversation:
    """`talk` may be replaced while it runs. Used from several threads."""

    def __init__(
        self, talk: Talk, *, desk: Desk, callers: Callers, voice: Voice, clock: Clock
    ) -> None:
        self.talk = talk
        self._desk = desk
        self._callers = callers
        self._voice = voice
        self._clock = clock

    def clicked(self, body: Body, *, team_id: str) -> None:
        """A button."""
        said = self._tried(body, team_id)
        if said:
            self._voice.whisper(where_of(body), body["user"]["id"], said)

    def sent(self, body: Body, *, team_id: str) -> Mapping[str, str]:
        """A form; complaints by the input they are about, none when it was taken."""
        try:
            click = submitted(body)
            by = self._callers.address_of(click.user_id, team_id=team_id)
            return self._take(body, click, by) if by else {_first(click): UNKNOWN}
        except SyncdError as error:
            why = not_noted(str(error))
        except Exception:
            log.exception("slack_form_crashed")
            why = not_noted(BUG)
        inputs = body["view"]["state"]["values"]
        return {next(iter(inputs)): why}

    def _tried(self, body: Body, team_id: str) -> str:
        try:
            return self._heard(body, team_id)
        except ValueError as error:
            log.warning("slack_button_unknown", reason=str(error))
            return OLD_BUTTON
        except SyncdError as error:
            return not_noted(str(error))
        except Exception:
            log.exception("slack_click_crashed")
            return not_noted(BUG)

    def _heard(self, body: Body, team_id: str) -> str:
        """What to say; nothing where a form says it."""
        click = click_of(body)
        by = self._callers.address_of(click.user_id, team_id=team_id)
        if by is None:
            return UNKNOWN
        match click.act:
            case Act.REJECT:
                return self._show(
                    body, reject_form(self.talk, click), self.talk.reasons, NO_REASONS
                )
            case Act.ASK_WAIVER:
                return self._show(body, waiver_form(self.talk, click), self.talk.rules, NO_GATES)
            case _:
                return self._place(click, ordered(click), by)

    def _show(self, body: Body, form: Block, offered: Mapping[Any, object], none: str) -> str:
        if not offered:
            return none
        self._voice.show(body["trigger_id"], form)
        return ""

    def _take(self, body: Body, click: Click, by: str) -> Mapping[str, str]:
        what = self._read(body, click, by)
        if isinstance(what, Wrong):
            return what.about
        said = self._place(click, what, by)
        self._voice.whisper(click.where, click.user_id, said)
        return {}

    def _read(self, body: Body, click: Click, by: str) -> What | Wrong:
        now, lead = self._clock.now(), self._desk.lead_of(click)
        if lead is None:
            return Wrong(about={_first(click): GONE})
        if click.act is Act.REJECT:
            return rejection(body, click, self.talk, now=now)
        return waiver_asked(body, click, self.talk, Asking(by=by, lead=lead, now=now))

    def _place(self, click: Click, what: What, by: str) -> str:
        is_new = self._desk.place(click, what, by=by, now=self._clock.now())
        log.info("slack_answer", act=click.act.value, order=click.id, new=is_new)
        return noted(click.act) if is_new else noted_already(click.act)


def _first(click: Click) -> str:
    """The input a complaint about the whole form stands at."""
    return REASON if click.act is Act.REJECT else RULES

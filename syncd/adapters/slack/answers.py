"""What people filled into a form, as the order it stands for, or what is wrong with it, by the
input it is wrong in. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from syncd.adapters.slack.click import Body, Click
from syncd.adapters.slack.forms import ANSWER, MISSING, NOTE, OBJECTION, REASON, RULES, UNTIL
from syncd.adapters.slack.talk import Talk
from syncd.core.waivable import end_of
from syncd.domain.lead import Lead
from syncd.domain.names import FieldName, HandoffId, LeadId, RuleId
from syncd.domain.order import AskWaiver, RejectHandoff
from syncd.domain.stage import Stage
from syncd.domain.standard import AfterRejection
from syncd.domain.verdict import Waiver

_TYPED = 12
"""People may have to type a waiver's id: the end of its click's is enough to tell it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """Complaints by the input they are about: the form stays open with all that is in it."""

    about: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Who asks for a waiver, for whom, when."""

    by: str
    lead: Lead
    now: datetime


def rejection(body: Body, click: Click, talk: Talk, *, now: datetime) -> RejectHandoff | Wrong:
    given = _Given(body)
    reason = talk.reasons.get(given.choice(REASON))
    if reason is None:
        return Wrong(about={REASON: "The standard has no such reason any more: open it again."})
    until = given.day(UNTIL)
    if reason.then is AfterRejection.SLEEP and until is None:
        return Wrong(about={UNTIL: "Say until when it sleeps."})
    if reason.then is not AfterRejection.SLEEP and until is not None:
        return Wrong(about={UNTIL: "Only a lead that sleeps has a day: take it away."})
    if until is not None and until <= talk.today(now):
        return Wrong(about={UNTIL: "Give a day to come."})
    return RejectHandoff(
        lead_id=click.about.lead or LeadId(""),
        handoff_id=HandoffId(click.about.subject),
        reason=reason.id,
        missing=tuple(FieldName(name) for name in given.choices(MISSING)),
        objection=given.text(OBJECTION),
        note=given.text(NOTE),
        until=until,
    )


def waiver_asked(body: Body, click: Click, talk: Talk, asking: Asking) -> AskWaiver | Wrong:
    given = _Given(body)
    chosen = [name.partition(":") for name in given.choices(RULES)]
    gates = {gate for gate, _, _ in chosen}
    if len(gates) != 1:
        return Wrong(about={RULES: "A waiver is for one gate: choose rules of one of them."})
    if not given.text(REASON):
        return Wrong(about={REASON: "Say why, in words others will read."})
    until = given.day(UNTIL)
    if until is None or until < talk.today(asking.now):
        return Wrong(about={UNTIL: "Give a day from today on."})
    waiver = Waiver(
        id=click.id[-_TYPED:],
        lead_id=asking.lead.id,
        gate=Stage(gates.pop()),
        rules=tuple(RuleId(rule) for _, _, rule in chosen),
        reason=given.text(REASON),
        by=asking.by,
        cycle=asking.lead.cycle,
        granted_at=asking.now,
        expires_at=end_of(until, talk.zone),
    )
    return AskWaiver(waiver=waiver)


class _Given:
    """A form's state, by input."""

    def __init__(self, body: Body) -> None:
        self._values: Mapping[str, Any] = body["view"]["state"]["values"]

    def text(self, name: str) -> str:
        """Without the space around it."""
        return str(self._of(name).get("value") or "").strip()

    def choice(self, name: str) -> str:
        return str((self._of(name).get("selected_option") or {}).get("value") or "")

    def choices(self, name: str) -> tuple[str, ...]:
        return tuple(one["value"] for one in self._of(name).get("selected_options") or ())

    def day(self, name: str) -> date | None:
        told = self._of(name).get("selected_date")
        return date.fromisoformat(told) if told else None

    def _of(self, name: str) -> Mapping[str, Any]:
        return self._values.get(name, {}).get(ANSWER) or {}

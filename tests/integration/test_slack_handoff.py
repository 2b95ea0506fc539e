"""A handoff settled in Slack, whole: a person clicks, a cycle carries it out, the message says
so. Real HTTP, a real WebSocket, a real store.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cli_office import Office, Person, office
from slack_room import Watch

from syncd.app import Worker
from syncd.domain.alert import Act
from syncd.domain.handoff import HandoffState
from syncd.domain.stage import Stage
from syncd.sandbox.slack.forms import Values
from syncd.sandbox.slack.things import Message, User
from syncd.sandbox.slack.workspace import Workspace


@dataclass(slots=True, kw_only=True)
class Floor:
    """A lead that was just handed to Rita, and people in Slack."""

    office: Office
    worker: Worker
    lead: Person
    rita: User
    bo: User
    manager: User
    watch: Watch

    @property
    def slack(self) -> Workspace:
        return self.office.world.slack

    @property
    def offer(self) -> Message:
        """The message that offers the lead."""
        return next(x for x in self.slack.messages if x.text.startswith("🤝"))

    def click(self, act: Act, *, by: User) -> str:
        """The latest such button; what the person was whispered, or which form opened."""
        message = next(x for x in reversed(self.slack.messages) if x.button(act.value))
        whispers, views = len(self.slack.whispers), len(self.slack.people.views)
        with self.office.world.lock:
            self.slack.click(by, message, act.value)
        self.watch.wait(
            lambda: len(self.slack.whispers) > whispers or len(self.slack.people.views) > views
        )
        forms = list(self.slack.people.views.values())[views:]
        return forms[0].id if forms else self.slack.whispers[-1].text

    def submit(self, view_id: str, values: Values) -> None:
        with self.office.world.lock:
            envelope = self.slack.submit(self.slack.people.views[view_id], values)
        assert envelope.answered.wait(5)
        assert not self.slack.people.views[view_id].errors

    def stage(self) -> Stage:
        [lead_id] = self.worker.store.look_up(self.lead.email)
        return self.worker.store.load([lead_id])[lead_id].stage

    def waived(self) -> list[str]:
        [lead_id] = self.worker.store.look_up(self.lead.email)
        lead = self.worker.store.load([lead_id])[lead_id]
        return [rule for waiver in lead.waivers for rule in waiver.rules]

    def thread(self) -> list[str]:
        """What was said after the offer, oldest first."""
        told = self.slack.replies(self.offer.channel, self.offer.ts)
        return [" ".join(map(words, message.blocks)) for message in told][1:]

    def status(self) -> str:
        """What the offer says became of it, once it offers nothing any more."""
        assert all(block["type"] != "actions" for block in self.offer.blocks)
        return words(self.offer.blocks[-2])


def words(block: Mapping[str, Any]) -> str:
    return str((block.get("text") or {}).get("text", ""))


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[Floor]:
    with office(tmp_path) as made:
        slack = made.world.slack
        rita = slack.add_user("rita", "rita@example.com", "Rita Rep")
        bo = slack.add_user("bo", "bo@example.com", "Bo Passing-By")
        lead = made.arrive("ada")
        made.cycles(2)
        made.offer(lead)
        made.cycles(2)
        made.worker().listen()
        assert slack.sockets.wait_for_lines(1, seconds=5)
        yield Floor(
            office=made,
            worker=made.worker(),
            lead=lead,
            rita=rita,
            bo=bo,
            manager=slack.add_user("max", "sales.manager@example.com", "Max Manager"),
            watch=Watch(made.world),
        )


def test_accept_is_carried_out_by_the_next_cycle_and_the_message_says_so(floor: Floor) -> None:
    assert floor.click(Act.ACCEPT, by=floor.rita).startswith("Noted")

    floor.office.cycles(2)

    assert floor.stage() is Stage.SAL
    assert floor.status().startswith("*Accepted by rita@example.com")


def test_a_double_click_and_the_same_in_the_crm_are_one_acceptance(floor: Floor) -> None:
    floor.click(Act.ACCEPT, by=floor.rita)
    floor.click(Act.ACCEPT, by=floor.rita)
    floor.office.rep_sets(floor.lead, Status="Working")

    floor.office.cycles(2)

    [lead_id] = floor.worker.store.look_up(floor.lead.email)
    handoff = floor.worker.store.load([lead_id])[lead_id].handoff
    assert handoff is not None
    assert [x.to for x in handoff.changes].count(HandoffState.ACCEPTED) == 1


def test_somebody_who_may_not_answer_changes_nothing_and_is_told_why(floor: Floor) -> None:
    floor.click(Act.ACCEPT, by=floor.bo)

    floor.office.cycles(2)

    assert floor.stage() is Stage.MQL
    assert floor.offer.edits == 0
    assert any("rita@example.com" in said for said in floor.thread())


def test_reject_with_a_reason_takes_the_lead_back_and_the_message_says_why(floor: Floor) -> None:
    form = floor.click(Act.REJECT, by=floor.rita)
    floor.submit(form, {"reason": "not-ready", "note": "wants a demo of something else"})

    floor.office.cycles(2)

    assert floor.stage() is Stage.NURTURE
    assert "Rejected" in floor.status()


def test_a_changed_standard_changes_the_reasons_offered(floor: Floor) -> None:
    standard = floor.office.config / "standard.yaml"
    words = standard.read_text(encoding="utf-8")
    standard.write_text(words.replace("We could not reach them", "Nobody answers"), "utf-8")

    floor.office.cycles(1)

    form = floor.slack.people.views[floor.click(Act.REJECT, by=floor.rita)]
    offered = form.says["blocks"][0]["element"]["options"]
    assert "Nobody answers (back to marketing)" in [x["text"]["text"] for x in offered]


def test_a_waiver_is_asked_for_and_approved_by_somebody_who_may(floor: Floor) -> None:
    form = floor.click(Act.ASK_WAIVER, by=floor.rita)
    floor.submit(
        form,
        {"rules": ["sql:decision-maker"], "reason": "the board decides", "until": "2026-03-31"},
    )
    floor.office.cycles(2)

    floor.click(Act.APPROVE, by=floor.bo)
    floor.office.cycles(2)
    assert floor.waived() == []

    floor.click(Act.APPROVE, by=floor.manager)
    floor.office.cycles(2)
    assert floor.waived() == ["decision-maker"]
    assert any("approved by sales.manager@example.com" in said for said in floor.thread())

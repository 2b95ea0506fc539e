"""Conversations of the week, drawn at its end: what was clicked, and what came of it."""

from collections.abc import Iterable, Iterator
from itertools import islice

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.text import Text

from syncd.cli.demo.drawn import INDENT, message, thread
from syncd.cli.demo.feed import clock_words
from syncd.cli.demo.form import form
from syncd.sandbox.people.clicking import Deed
from syncd.sandbox.people.scenario import Scenario
from syncd.sandbox.slack.things import Message
from syncd.sandbox.slack.workspace import Workspace


def scenes(scenario: Scenario) -> Iterator[RenderableType]:
    """Those that the week had."""
    slack, deeds = scenario.world.slack, scenario.clicks.done
    yield from _answered(slack, deeds, "accept", "A lead is accepted in Slack")
    yield from _answered(slack, deeds, "reject", "A lead is rejected, with the reason")
    yield from _waiver(slack, deeds)
    yield from _passed_on(slack, deeds)
    yield from _missed(slack)


def _answered(
    slack: Workspace, deeds: Iterable[Deed], button: str, title: str
) -> Iterator[RenderableType]:
    clicked = (deed for deed in deeds if deed.intent.button == button)
    deed = next((deed for deed in clicked if _tells(deed.read, "handoff")), None)
    if deed is None:
        return
    yield Rule(title, align="left")
    yield from _act(slack, deed)
    yield from _changed(slack, deed)
    for told in _about(slack, deed.intent.lead_id, "recycled")[:1]:
        yield _below(slack, told, [message(slack, told)])


def _waiver(slack: Workspace, deeds: Iterable[Deed]) -> Iterator[RenderableType]:
    """Asked for by the rep, granted by whoever may, and back to the rep."""
    asked = next((deed for deed in deeds if deed.intent.button == "ask-waiver"), None)
    if asked is None:
        return
    lead_id = asked.intent.lead_id
    yield Rule("An exception is asked for, and granted", align="left")
    yield from _act(slack, asked)
    for deed in deeds:
        if deed.intent.button == "approve" and deed.intent.lead_id == lead_id:
            yield from _act(slack, deed)
            yield from _changed(slack, deed)
    for told in _about(slack, lead_id, "waiver-answered")[:1]:
        yield _below(slack, told, [message(slack, told)])


def _passed_on(slack: Workspace, deeds: Iterable[Deed]) -> Iterator[RenderableType]:
    """A demo request that one rep left lying, and the next one took."""
    taken = (deed for deed in deeds if _tells(deed.read, "reassigned"))
    for deed in islice(taken, 1):
        offer = next(x for x in slack.messages if x.ts == deed.read.thread_ts)
        yield Rule("A demo request is left lying, passed on, and accepted", align="left")
        yield _below(slack, offer, thread(slack, offer, before=deed.read.at))
        yield from _act(slack, deed)
        yield from _changed(slack, deed)


def _missed(slack: Workspace) -> Iterator[RenderableType]:
    """A promise nobody kept: told to the owner and the manager, escalated, and recycled."""
    told = {key: said for said in slack.messages for key in _keys(said)}
    for key, late in told.items():
        handoff = key.removeprefix("alert:recycled:")
        ladder = [k for k in told if k.startswith(f"alert:escalated:{handoff}:")]
        offer = told.get(f"alert:handoff:{handoff}")
        if key == handoff or not ladder or offer is None:
            continue
        yield Rule("A promise is missed and escalated, and the lead recycled", align="left")
        yield _below(slack, offer, thread(slack, offer))
        for said in (told[ladder[0]], late):
            if said.thread_ts != offer.ts:
                yield _below(slack, said, [message(slack, said)])
        return


def _act(slack: Workspace, deed: Deed) -> Iterator[RenderableType]:
    """What somebody read and did, and what the app whispered."""
    yield _below(slack, deed.read, [message(slack, deed.read)])
    name = deed.intent.who.name
    yield Text(f"{clock_words(deed.at)}  {name} clicks {label(deed)}", style="bold cyan")
    if deed.view is not None:
        yield Padding(form(deed.view, deed.intent.form or {}), (0, 0, 0, 2))
    yield Text(f"Only {name} sees: {deed.heard}", style="dim italic")


def _changed(slack: Workspace, deed: Deed) -> Iterator[RenderableType]:
    """The same message with what became of it, and nothing left to click."""
    if deed.after is not None:
        yield Text("Then the message reads:", style="italic")
        yield _below(slack, deed.after, [message(slack, deed.after)])


def _below(slack: Workspace, said: Message, drawn: Iterable[RenderableType]) -> Group:
    """Under the name of its channel; an answer stands to the right, as it does below the first
    message of its thread."""
    name = f"#{slack.channels[said.channel].name}"
    if said.thread_ts in (None, said.ts):
        return Group(Text(), Text(name, style="bold blue"), *drawn, Text())
    head = Text(f"{name}, in the thread of its handoff", style="bold blue")
    return Group(Text(), head, Padding(Group(*drawn), (0, 0, 0, INDENT)), Text())


def label(deed: Deed) -> str:
    """The button as it read."""
    elements = (x for block in deed.read.blocks for x in block.get("elements", ()))
    return next(
        f"[ {x['text']['text']} ]" for x in elements if x.get("action_id") == deed.intent.button
    )


def _about(slack: Workspace, lead_id: str, kind: str) -> list[Message]:
    return [said for said in slack.messages if lead_id in str(said.blocks) and _tells(said, kind)]


def _tells(said: Message, kind: str) -> bool:
    return any(key.startswith(f"alert:{kind}:") for key in _keys(said))


def _keys(said: Message) -> list[str]:
    payload = (said.metadata or {}).get("event_payload", {})
    return [str(key) for key in payload.get("keys", ())]

"""The two forms: why a lead is rejected, and what a waiver is asked for. Pure.

Each input's block_id is what its answer, and a complaint about it, is found by.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from syncd.adapters.slack.blocks import Block
from syncd.adapters.slack.click import Click, kept
from syncd.adapters.slack.talk import Talk
from syncd.adapters.slack.text import cut
from syncd.domain.standard import AfterRejection

REJECT = "reject-form"
WAIVER = "waiver-form"
REASON, MISSING, OBJECTION, NOTE, UNTIL, RULES = (
    "reason",
    "missing",
    "objection",
    "note",
    "until",
    "rules",
)
ANSWER = "answer"
MOST_OPTIONS = 100
OPTION_LIMIT = 75
LONGEST_ANSWER = 500

_WHAT_FOLLOWS: Mapping[AfterRejection, str] = {
    AfterRejection.NURTURE: "back to marketing",
    AfterRejection.SLEEP: "sleeps until a day",
    AfterRejection.DISQUALIFY: "out for good",
}


def reject_form(talk: Talk, click: Click) -> Block:
    """At least one reason is needed."""
    reasons = [
        _option(reason.id, reason.says, f"({_WHAT_FOLLOWS[reason.then]})")
        for reason in talk.reasons.values()
    ]
    missing = [_option(name, name.replace("_", " ")) for name in talk.fields]
    sleeps = any(x.then is AfterRejection.SLEEP for x in talk.reasons.values())
    blocks = [
        _input(REASON, "Why is it not for sales?", _select(reasons)),
        *_some(
            _input(MISSING, "What was missing at handoff?", _choices(missing), optional=True),
            missing,
        ),
        _input(OBJECTION, "What objection did you hear?", _text_input(), optional=True),
        _input(NOTE, "Anything else?", _text_input(lines=True), optional=True),
        *_some(_input(UNTIL, "Sleeps until", _day(), optional=True), sleeps),
    ]
    return _form(REJECT, click, title="Reject this lead", submit="Reject", blocks=blocks)


def waiver_form(talk: Talk, click: Click) -> Block:
    groups = [
        {
            "label": _words(f"Gate {stage}"),
            "options": [_option(f"{stage}:{rule}", says) for rule, says in rules[:MOST_OPTIONS]],
        }
        for stage, rules in talk.rules.items()
    ]
    rules = {"type": "multi_static_select", "action_id": ANSWER, "option_groups": groups}
    blocks = [
        _input(RULES, "Which rules of one gate?", rules),
        _input(REASON, "Why is this lead an exception?", _text_input(lines=True)),
        _input(UNTIL, "The last day it holds", _day()),
    ]
    return _form(WAIVER, click, title="Ask for a waiver", submit="Ask", blocks=blocks)


def _form(callback_id: str, click: Click, *, title: str, submit: str, blocks: list[Block]) -> Block:
    return {
        "type": "modal",
        "callback_id": callback_id,
        "private_metadata": kept(click),
        "title": _words(title),
        "submit": _words(submit),
        "close": _words("Cancel"),
        "blocks": blocks,
    }


def _input(block_id: str, label: str, element: Block, *, optional: bool = False) -> Block:
    return {
        "type": "input",
        "block_id": block_id,
        "label": _words(label),
        "element": element,
        "optional": optional,
    }


def _select(options: list[Block]) -> Block:
    return {"type": "static_select", "action_id": ANSWER, "options": options[:MOST_OPTIONS]}


def _choices(options: list[Block]) -> Block:
    return {**_select(options), "type": "multi_static_select"}


def _text_input(*, lines: bool = False) -> Block:
    return {
        "type": "plain_text_input",
        "action_id": ANSWER,
        "multiline": lines,
        "max_length": LONGEST_ANSWER,
    }


def _day() -> Block:
    return {"type": "datepicker", "action_id": ANSWER}


def _option(value: str, says: str, more: str = "") -> Block:
    """What follows is said in full, the rest as far as there is room."""
    end = f" {more}" if more else ""
    words = cut(says, limit=OPTION_LIMIT - len(end)) or cut(value, limit=OPTION_LIMIT - len(end))
    return {"text": _words(words + end), "value": value}


def _words(text: str) -> Block:
    return {"type": "plain_text", "text": text, "emoji": False}


def _some(block: Block, wanted: Any) -> Iterable[Block]:
    return (block,) if wanted else ()

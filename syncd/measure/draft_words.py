"""The words of a proposed rule: its id, kind, sentence and fix. Guesses, for people to correct."""

import re
import unicodedata
from collections.abc import Collection
from typing import assert_never

from syncd.core.value_words import field_words, listed, plain
from syncd.domain.names import RuleId
from syncd.domain.standard import (
    AtLeast,
    AtMost,
    Between,
    Blank,
    FieldTest,
    Is,
    Matches,
    NoneOf,
    OneOf,
    Present,
    RuleKind,
    Test,
    Within,
)

_COMMERCIAL = frozenset({
    "budget", "amount", "price", "spend", "money", "value", "deal", "decision", "decides",
    "decider", "authority", "role", "buyer", "buying", "economic", "procurement", "contract",
    "champion",
})  # fmt: skip
_INTENT = frozenset({
    "need", "needs", "timeline", "timeframe", "project", "pain", "problem", "purchase",
    "interest", "interests", "goal", "requirement", "requirements", "evaluating", "intent",
    "plan", "plans",
})  # fmt: skip
_BEHAVIOUR = frozenset({
    "last", "latest", "recent", "visit", "visits", "visited", "visitor", "click", "clicks",
    "clicked", "open", "opens", "opened", "engaged", "engagement", "attended", "demo",
    "webinar", "event", "answer", "answered", "reply", "replied", "download", "downloads",
    "downloaded", "activity", "activities", "meeting", "meetings", "call", "calls", "session",
    "sessions", "views", "viewed", "submitted", "form", "forms", "trial", "login", "logins",
    "signup", "pages",
})  # fmt: skip
_MOST_OF_AN_ID = 48


def kind_of(condition: FieldTest) -> RuleKind:
    """By the words in the field's name; a recent date is behaviour, one ahead is intent."""
    words = frozenset(condition.field.split("_"))
    if words & _COMMERCIAL:
        return RuleKind.COMMERCIAL
    if words & _INTENT:
        return RuleKind.INTENT
    if isinstance(condition.test, Within):
        return RuleKind.BEHAVIOUR if condition.test.last else RuleKind.INTENT
    return RuleKind.BEHAVIOUR if words & _BEHAVIOUR else RuleKind.FIT


def rule_id(condition: FieldTest, taken: Collection[str]) -> RuleId:
    """In kebab-case, and not one of `taken`."""
    stem = _kebab(f"{condition.field}-{_asked(condition.test)}")[:_MOST_OF_AN_ID].strip("-")
    name, number = stem, 2
    while name in taken:
        name, number = f"{stem}-{number}", number + 1
    return RuleId(name)


def _asked(test: Test) -> str:
    match test:
        case Present():
            return "known"
        case Is(value=bool(value)):
            return "yes" if value else "no"
        case Is(value=value):
            return str(value)
        case OneOf(allowed=allowed):
            return "-or-".join(map(str, allowed)) if len(allowed) < 3 else f"one-of-{len(allowed)}"
        case NoneOf(refused=refused):
            few = len(refused) < 3
            return f"not-{'-or-'.join(map(str, refused))}" if few else f"none-of-{len(refused)}"
        case AtLeast(minimum=low):
            return f"{_number(low)}-plus" if low >= 0 else f"above-minus-{_number(-low)}"
        case AtMost(maximum=high):
            return f"up-to-{_number(high)}" if high >= 0 else f"below-minus-{_number(-high)}"
        case Within(last=last, next=ahead):
            span = last or ahead
            return f"{'last' if last else 'next'}-{span.days if span else 0}-days"
        case Blank() | Between() | Matches():  # never tried
            return "fits"
        case _:
            assert_never(test)


def _kebab(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9]+", "-", bare).strip("-")
    return name if name[:1].isalpha() else f"rule-{name}".strip("-")


def _number(number: object) -> str:
    return f"{number:f}" if not isinstance(number, int) else str(number)


def sentence(condition: FieldTest) -> str:
    """What the rule asks, as people read it."""
    name = field_words(condition.field)
    name, test = name[:1].upper() + name[1:], condition.test
    match test:
        case Present():
            return f"{name} is known"
        case Is(value=bool(value)):
            return f"{name} is {'yes' if value else 'no'}"
        case Is(value=value):
            return f"{name} is {value}"
        case OneOf(allowed=allowed):
            return f"{name} is {listed(map(str, allowed), 'or')}"
        case NoneOf(refused=refused):
            return f"{name} is not {listed(map(str, refused), 'or')}"
        case AtLeast(minimum=low):
            return f"{name} is at least {plain(low)}"
        case AtMost(maximum=high):
            return f"{name} is at most {plain(high)}"
        case Within(last=last, next=ahead):
            span = last or ahead
            days = span.days if span else 0
            return f"{name} lies in the {'last' if last else 'next'} {days} days"
        case Blank() | Between() | Matches():
            return f"{name} fits"
        case _:
            assert_never(test)


def fix_for(condition: FieldTest, kind: RuleKind) -> str:
    """What a rep does about it."""
    name = field_words(condition.field)
    if isinstance(condition.test, Present):
        return f"Find out {name} and fill it in."
    if kind is RuleKind.FIT:
        return f"Correct {name} where it is wrong; else this is no lead for sales yet."
    if kind is RuleKind.BEHAVIOUR:
        return f"Let marketing go on with the lead until {name} says so."
    return f"Ask about it, and bring {name} up to date."

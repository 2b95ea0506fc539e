"""Compare the validation rules found in an org with what the files would make of them now.

Pure: whoever looks into the org hands over what was found. Only rules whose names begin as
syncd's do are looked at; nobody else's are any of our business.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from syncd.compile.formula_guards import Guard, Source, compile_guards
from syncd.compile.salesforce import PREFIX, Stamp, description_of, stamp_of


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundRule:
    """A validation rule of the lead as the org has it. `formula` and `message` are None where
    they were not asked for."""

    name: str
    active: bool
    description: str
    formula: str | None = None
    message: str | None = None


class Drift(StrEnum):
    """How what is deployed differs from the files."""

    MISSING = "missing"
    INACTIVE = "inactive"
    OUTDATED = "outdated"
    EDITED = "edited"
    LEFT_OVER = "left-over"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """`name` is that of the validation rule; `says` what is wrong with it, `fix` what to do."""

    drift: Drift
    name: str
    says: str
    fix: str


_DEPLOY = "run `syncd compile` and deploy what it writes"


def deployed_findings(source: Source, found: Iterable[FoundRule]) -> tuple[Finding, ...]:
    """Nothing where what is deployed is what the files say. An org without any rule of syncd's
    has nothing deployed: then nothing is missing."""
    own = {x.name.casefold(): x for x in found if x.name.casefold().startswith(PREFIX.casefold())}
    if not own:
        return ()
    stamp, wanted = stamp_of(source.standard), compile_guards(source).guards
    named = {x.name.casefold() for x in wanted}
    differing = (_compared(x, own.get(x.name.casefold()), stamp) for x in wanted)
    left = (_told(Drift.LEFT_OVER, own[name].name) for name in own if name not in named)
    return (*(x for x in differing if x), *left)


def _compared(guard: Guard, rule: FoundRule | None, stamp: Stamp) -> Finding | None:
    drift = next(_drifts(guard, rule, stamp), None)
    return None if drift is None else _told(drift, guard.name)


def _drifts(guard: Guard, rule: FoundRule | None, stamp: Stamp) -> Iterator[Drift]:
    """The weightiest first."""
    if rule is None:
        yield Drift.MISSING
        return
    if not rule.active:
        yield Drift.INACTIVE
    if rule.description != description_of(guard, stamp):
        yield Drift.OUTDATED
    if _differs(rule.formula, guard.formula) or _differs(rule.message, guard.message):
        yield Drift.EDITED


def _differs(found: str | None, wanted: str) -> bool:
    return found is not None and found.split() != wanted.split()


def _told(drift: Drift, name: str) -> Finding:
    match drift:
        case Drift.MISSING:
            says, fix = f"the validation rule {name} is not deployed", _DEPLOY
        case Drift.INACTIVE:
            says, fix = f"the validation rule {name} is switched off", "activate it in Setup"
        case Drift.OUTDATED:
            says = f"the validation rule {name} was made from another standard, policy or map"
            fix = _DEPLOY
        case Drift.EDITED:
            says = f"the validation rule {name} was edited in Salesforce"
            fix = f"{_DEPLOY}, or change the standard"
        case Drift.LEFT_OVER:
            says = f"the validation rule {name} guards what no gate asks any more"
            fix = "delete it in Setup"
        case _:
            assert_never(drift)
    return Finding(drift=drift, name=name, says=says, fix=fix)

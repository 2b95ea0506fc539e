"""Compare the validation rules found in an org with what the files would make of them now.

Pure: whoever looks into the org hands over what was found. Only rules whose names begin as
syncd's do are looked at; nobody else's are any of our business.
"""

from collections.abc import Iterable, Iterator
from typing import assert_never

from syncd.compile.formula_guards import Guard, Source, compile_guards
from syncd.compile.salesforce import PREFIX, Stamp, description_of, stamp_of
from syncd.core.doctor.facts import Drift, NativeDrift, NativeRule

_DEPLOY = "run `syncd compile` and deploy what it writes"


def deployed_findings(source: Source, found: Iterable[NativeRule]) -> tuple[NativeDrift, ...]:
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


def _compared(guard: Guard, rule: NativeRule | None, stamp: Stamp) -> NativeDrift | None:
    drift = next(_drifts(guard, rule, stamp), None)
    return None if drift is None else _told(drift, guard.name)


def _drifts(guard: Guard, rule: NativeRule | None, stamp: Stamp) -> Iterator[Drift]:
    """The weightiest first."""
    if rule is None:
        yield Drift.MISSING
        return
    if not rule.active:
        yield Drift.INACTIVE
    if rule.description != description_of(guard, stamp):
        yield Drift.OUTDATED
    if rule.formula is not None and rule.formula.split() != guard.formula.split():
        yield Drift.EDITED
    if rule.message.split() != guard.message.split():
        yield Drift.EDITED


def _told(drift: Drift, name: str) -> NativeDrift:
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
    return NativeDrift(kind=drift, name=name, says=says, fix=fix)

"""A standard's blocking gates as Salesforce validation rules: which, under what name, saying what.

One validation rule for each thing a gate asks, so that a rep reads what is missing and how to
mend it; one that is too long is split. What cannot be a validation rule is listed with its
reason. Only gates in mode `block` are compiled: a validation rule knows no grace.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from syncd.compile.formula import FALSE, NotNative, all_of, any_of
from syncd.compile.formula_demands import Demand, What, demands_of, failing, rules_of
from syncd.compile.formula_fields import column_of
from syncd.compile.formula_head import head
from syncd.compile.formula_moves import entering
from syncd.compile.formula_rules import condition_told
from syncd.core.alert_words import stage_words
from syncd.core.condition_parts import fields_of
from syncd.core.value_words import cut
from syncd.domain.mapping import CrmMap
from syncd.domain.names import RuleId
from syncd.domain.policy import Mode, Policy
from syncd.domain.stage import Stage
from syncd.domain.standard import SomeOf, Standard, Variant

MOST_CHARACTERS = 3_900
MOST_IN_NAME = 40
MOST_IN_MESSAGE = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """One validation rule. `formula` is TRUE when the save must be refused; `field` is where the
    message stands, None for the top of the page."""

    name: str
    gate: Stage
    rules: tuple[RuleId, ...]
    formula: str
    message: str
    field: str | None

    @property
    def digest(self) -> str:
        """Changes with whatever a person would notice."""
        content = "\n".join((self.formula, self.message, self.field or ""))
        return hashlib.sha256(content.encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What only the daemon holds, and why it is not built into the CRM."""

    gate: Stage
    what: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Guards:
    guards: tuple[Guard, ...]
    held: tuple[Held, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The three files that everything is compiled from."""

    standard: Standard
    policy: Policy
    crm: CrmMap


def compile_guards(source: Source) -> Guards:
    """Every guard of every blocking gate, in the standard's order; and what has none."""
    found = [x for stage in source.standard.gates for x in _gate(stage, source)]
    return Guards(
        guards=_named_apart([x for x in found if isinstance(x, Guard)]),
        held=tuple(x for x in found if isinstance(x, Held)),
    )


def _gate(stage: Stage, source: Source) -> Iterator[Guard | Held]:
    try:
        when = _judged(stage, source)
    except NotNative as reason:
        yield Held(gate=stage, what="the whole gate", why=str(reason))
        return
    for demand in demands_of(source.standard, stage):
        yield from _demand(demand, when, source)
    if stage is Stage.MQL:
        why = "only syncd remembers when a lead was recycled, and how often"
        yield Held(gate=stage, what="coming back after a recycle", why=why)


def _judged(stage: Stage, source: Source) -> str:
    """A save that this gate blocks if anything is missing."""
    mode = source.policy.modes.get(stage, Mode.OBSERVE)
    if mode is not Mode.BLOCK:
        raise NotNative(f"the gate is in mode {mode}, and a validation rule can only block")
    if stage in source.policy.unpreviewed:
        raise NotNative("nobody looked first at what blocking would do, so the gate only flags")
    if not source.standard.is_signed():
        raise NotNative("the standard is not signed by both teams, so the gate does not block")
    first = head(source.standard, source.policy, source.crm)
    return all_of(first, entering(stage, source.crm))


def _demand(demand: Demand, when: str, source: Source) -> Iterator[Guard | Held]:
    title = _title(demand.what)
    try:
        found = failing(demand, source.standard, source.crm)
        asked = all_of(when, _asked_of(demand, source))
        formulas = _packed(found.parts, lambda fails: all_of(asked, fails))
    except NotNative as reason:
        yield Held(gate=demand.gate, what=title, why=str(reason))
        return
    for unseen in found.unseen:
        yield Held(gate=demand.gate, what=f"{unseen.rule}, one of {title}", why=unseen.why)
    for number, formula in enumerate(formulas):
        yield Guard(
            name=_name(demand, part=number + 1 if len(formulas) > 1 else None),
            gate=demand.gate,
            rules=rules_of(demand.what),
            formula=formula,
            message=_message(demand, source),
            field=_field(demand, source),
        )


def _asked_of(demand: Demand, source: Source) -> str:
    """The lead's variant is certainly one of those that ask for this."""
    variants = source.standard.variants
    if len(demand.variants) == len(variants) + 1:
        return all_of()
    try:
        return any_of(*(_is_variant(x, variants, source.crm) for x in demand.variants))
    except NotNative as reason:
        raise NotNative(f"not everybody is asked this, and who is: {reason}") from None


def _is_variant(number: int, variants: Sequence[Variant], crm: CrmMap) -> str:
    """The first variant that applies is this one; the number after the last is everybody's."""
    earlier = [condition_told(x.applies, crm).fails for x in variants[:number]]
    own = [condition_told(x.applies, crm).holds for x in variants[number : number + 1]]
    return all_of(*earlier, *own)


def _packed(parts: Sequence[str], formula: Callable[[str], str]) -> tuple[str, ...]:
    """As few formulas as hold them all; together they refuse what all parts in one would."""
    packed: list[str] = []
    for part in parts:
        if packed and len(formula(any_of(packed[-1], part))) <= MOST_CHARACTERS:
            packed[-1] = any_of(packed[-1], part)
        else:
            packed.append(part)
    formulas = tuple(formula(x) for x in packed if formula(x) != FALSE)
    if not formulas:
        raise NotNative(
            "nothing in Salesforce shows that it fails: a check box is never empty, and what is "
            "empty may be filled in HubSpot"
        )
    longest = max(map(len, formulas))
    if longest > MOST_CHARACTERS:
        raise NotNative(
            f"its formula has {longest:,} characters, and Salesforce takes {MOST_CHARACTERS:,}"
        )
    return formulas


def _title(what: What) -> str:
    if isinstance(what, str):
        return what
    if isinstance(what, SomeOf):
        return f"{what.at_least} of {', '.join(what.of)}"
    return f"score {what.band}"


def _field(demand: Demand, source: Source) -> str | None:
    """The one field that a rule is about, where it stands on the lead itself."""
    if not isinstance(demand.what, str):
        return None
    fields = fields_of(source.standard.rules[demand.what].condition)
    if len(fields) != 1:
        return None
    path = column_of(fields[0], source.crm).path
    return None if "." in path else path


def _message(demand: Demand, source: Source) -> str:
    """What is needed, how to mend it, and who can grant an exception, cut to what is shown."""
    what, rules, gate = demand.what, source.standard.rules, stage_words(demand.gate)
    if isinstance(what, str):
        says = f"{gate} needs: {rules[what].says}. {rules[what].fix}"
    elif isinstance(what, SomeOf):
        several = "; ".join(rules[x].says for x in what.of)
        says = f"{gate} needs {what.at_least} of these {len(what.of)}: {several}."
    else:
        says = f"{gate} needs a score that is {what.band}."
    ends = cut(f"An exception: ask {source.policy.waivable_by}.", MOST_IN_MESSAGE // 3)
    return f"{cut(says, MOST_IN_MESSAGE - len(ends) - 1)} {ends}"


def _name(demand: Demand, *, part: int | None) -> str:
    """As Salesforce takes names: letters, digits and single underscores."""
    what = demand.what
    if isinstance(what, str):
        own = what.replace("-", "_")
    else:
        own = "enough_of" if isinstance(what, SomeOf) else "score"
    number = f"_{part}" if part else ""
    return _fitting(f"Syncd_{demand.gate}_{own}", number)


def _fitting(wanted: str, ending: str) -> str:
    """One that is too long is cut, and marked to be told from others that begin alike."""
    room = MOST_IN_NAME - len(ending)
    if len(wanted) > room:
        mark = hashlib.sha256(wanted.encode()).hexdigest()[:6]
        wanted = f"{wanted[: room - 7].rstrip('_')}_{mark}"
    return wanted + ending


def _named_apart(guards: Iterable[Guard]) -> tuple[Guard, ...]:
    """Several of one kind at a gate (variants ask differently) are numbered."""
    apart: dict[str, Guard] = {}
    for guard in guards:
        name, number = guard.name, 1
        while name.casefold() in apart:
            number += 1
            name = _fitting(guard.name, f"_v{number}")
        apart[name.casefold()] = replace(guard, name=name)
    return tuple(apart.values())

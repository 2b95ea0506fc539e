"""When a save is a move that a gate judges: into its stage or above, from below it.

PRIORVALUE tells what a record was, and on a new record what it is; so a new one is told by
ISNEW alone. A stage that no line spells is doubt, before and after: such a save passes.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from syncd.compile.formula import (
    FALSE,
    TRUE,
    NotNative,
    all_of,
    any_of,
    call,
    is_blank,
    negated,
    text,
)
from syncd.compile.formula_fields import STANDARD_PICKLISTS, is_reachable
from syncd.core.stages import NOTHING, indispensable
from syncd.domain.mapping import CrmMap, SideMap
from syncd.domain.names import System
from syncd.domain.stage import Stage, StageLine
from syncd.domain.values import FieldType

CONVERTED = "IsConverted"
"""Tells a converted lead; it never goes back to false."""
_CHECKBOXES = frozenset({CONVERTED, "HasOptedOutOfEmail", "DoNotCall", "IsUnreadByOwner"})
_AsIs = Callable[[str], str]


def entering(stage: Stage, crm: CrmMap) -> str:
    """The save takes the record to this stage or above, from below it. NotNative when formulas
    cannot tell, or when no save can do that but a conversion."""
    side, types = crm.sides[System.SALESFORCE], property_types(crm)
    lines = [line for line in side.stages if not _is_left_alone(line, side)]
    reached = _is_any(lines, lambda x: x.rank >= stage.rank, str, types)
    if reached == FALSE:
        raise NotNative(
            f"in Salesforce a lead becomes {stage} only by a conversion, which is left alone"
        )
    before = [line for line in side.stages if not _is_converted(line)]
    below = _is_any(before, lambda x: x.rank < stage.rank, _prior, types)
    return all_of(reached, any_of("ISNEW()", below, _was_nothing(before, types)))


def may_be_moved_back(crm: CrmMap) -> str:
    """Nothing says that the record's stage is fixed; a converted lead's always is."""
    types = property_types(crm)
    fixed_when = (CONVERTED, *crm.sides[System.SALESFORCE].fixed_when)
    return all_of(*(_says_nothing(path, types) for path in fixed_when))


def property_types(crm: CrmMap) -> Mapping[str, FieldType]:
    """What is known of the types of Salesforce fields."""
    types = {
        path: spec.type
        for spec in crm.fields.values()
        if (path := spec.properties.get(System.SALESFORCE))
    }
    types |= dict.fromkeys(_CHECKBOXES, FieldType.BOOLEAN)
    return types | dict.fromkeys(STANDARD_PICKLISTS, FieldType.PICKLIST)


def _prior(path: str) -> str:
    return call("PRIORVALUE", path)


def _is_left_alone(line: StageLine, side: SideMap) -> bool:
    """Only a record that cannot be moved back shows it."""
    return any(
        line.values[path] not in NOTHING for path in side.fixed_when if path in line.values
    ) or _is_converted(line)


def _is_converted(line: StageLine) -> bool:
    return line.values.get(CONVERTED) == "true"


def _is_any(
    lines: Sequence[StageLine],
    wanted: Callable[[Stage], bool],
    as_of: _AsIs,
    types: Mapping[str, FieldType],
) -> str:
    """The first line that matches is one of those wanted."""
    found = []
    for number, line in enumerate(lines):
        if wanted(line.stage):
            earlier = [x for x in lines[:number] if not wanted(x.stage) and _overlap(x, line)]
            others = (negated(_matches(x, as_of, types)) for x in earlier)
            found.append(all_of(_matches(line, as_of, types), *others))
    return any_of(*found)


def _overlap(one: StageLine, other: StageLine) -> bool:
    """Both can match the same record."""
    return all(other.values.get(name, text) == text for name, text in one.values.items())


def _matches(line: StageLine, as_of: _AsIs, types: Mapping[str, FieldType]) -> str:
    return all_of(*(_shows(path, value, as_of, types) for path, value in line.values.items()))


def _shows(path: str, value: str, as_of: _AsIs, types: Mapping[str, FieldType]) -> str:
    kind = _kind(path, types)
    if path == CONVERTED:
        return TRUE if value in NOTHING else FALSE  # those that are converted are left out
    seen = as_of(path)
    if kind is FieldType.BOOLEAN:
        return negated(seen) if value in NOTHING else seen
    if kind is FieldType.PICKLIST:
        return call("ISPICKVAL", seen, text(value)) if value else is_blank(call("TEXT", seen))
    return f"{call('TRIM', seen)} = {text(value)}" if value else is_blank(seen)


def _was_nothing(lines: Iterable[StageLine], types: Mapping[str, FieldType]) -> str:
    """No property that tells the stage had a value, or one without which there is no stage."""
    paths = dict.fromkeys(path for line in lines for path in line.values)
    return any_of(
        all_of(*(_shows(path, "", _prior, types) for path in paths)),
        *(_shows(path, "", _prior, types) for path in sorted(indispensable([*lines]))),
    )


def _kind(path: str, types: Mapping[str, FieldType]) -> FieldType:
    kind = types.get(path)
    if kind in (FieldType.BOOLEAN, FieldType.PICKLIST, FieldType.STRING) and "." not in path:
        assert kind is not None  # one of the three
        return kind
    raise NotNative(
        f"the stage is told by {path}, of which a formula would have to know the type: name it "
        "under fields in crm.yaml as boolean, picklist or string"
    )


def _says_nothing(path: str, types: Mapping[str, FieldType]) -> str:
    kind = types.get(path)
    if kind is None or not is_reachable(path):
        raise NotNative(
            f"{path} fixes the stage, and a formula cannot read it: name it under fields in "
            "crm.yaml"
        )
    if kind is FieldType.BOOLEAN:
        return negated(path)
    if kind in (FieldType.INTEGER, FieldType.NUMBER, FieldType.CURRENCY):
        return any_of(is_blank(path), f"{path} = 0")
    if kind is FieldType.PICKLIST:
        return is_blank(call("TEXT", path))
    return is_blank(path)

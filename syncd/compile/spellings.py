"""How one CRM spells the options of a picklist that a rule names."""

from collections.abc import Mapping

from syncd.domain.names import System
from syncd.domain.values import FieldSpec


def names_of(spec: FieldSpec, system: System) -> Mapping[str, str]:
    """The canonical name of each spelling that is listed: of several the first."""
    names: dict[str, str] = {}
    for name, spelling in spec.options.get(system, {}).items():
        names.setdefault(spelling, name)
    return names


def spellings(spec: FieldSpec, value: str, system: System) -> tuple[str, ...]:
    """Everything that reads as this value there; a word that is not listed stands for itself."""
    names = names_of(spec, system)
    found = [word for word, name in names.items() if name == value]
    return tuple(found if value in names else [*found, value])

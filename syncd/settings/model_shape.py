"""Walk a model by a path: which field stands there, which keys are allowed there."""

from types import UnionType
from typing import Annotated, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from syncd.settings.part import Part
from syncd.settings.problem import Path


def field_at(model: type[Part], path: Path) -> FieldInfo | None:
    """The field a path ends at; None where it ends at an entry of a list or mapping,
    or at nothing the model knows."""
    parent = model_at(model, path[:-1])
    return fields_of(parent).get(str(path[-1])) if parent else None


def keys_at(model: type[Part], path: Path) -> tuple[str, ...]:
    """The keys a section may have."""
    parent = model_at(model, path)
    return tuple(fields_of(parent)) if parent else ()


def fields_of(model: type[Part]) -> dict[str, FieldInfo]:
    """Fields by the key written in YAML."""
    return {info.alias or name: info for name, info in model.model_fields.items()}


def model_at(model: type[Part], path: Path) -> type[Part] | None:
    """The model of the section at a path."""
    here: object = model
    for key in path:
        if isinstance(here, type) and issubclass(here, Part):
            info = fields_of(here).get(str(key))
            here = inner(info.annotation) if info else None
        else:
            here = inner(_items(here))
    return here if isinstance(here, type) and issubclass(here, Part) else None


def inner(annotation: object) -> object:
    """A type without Annotated and without None."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return inner(get_args(annotation)[0])
    if origin in (Union, UnionType):
        kept = [arg for arg in get_args(annotation) if arg is not type(None)]
        return inner(kept[0]) if len(kept) == 1 else annotation
    return annotation


def _items(annotation: object) -> object:
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is tuple:
        return args[0]
    return args[1] if origin is dict else None

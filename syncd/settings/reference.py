"""Generate what is checked in beside the examples: JSON Schemas and REFERENCE.md.

Everything comes from the models, so that the words an editor shows, the reference and the
checks can never disagree. Pure text: the caller writes files.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from inspect import cleandoc
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from syncd.settings.crm_file import CrmFile
from syncd.settings.misfit import flow
from syncd.settings.model_shape import fields_of, inner
from syncd.settings.outcomes_file import OutcomesFile
from syncd.settings.part import Part
from syncd.settings.policy_file import PolicyFile
from syncd.settings.secrets import ENVIRONMENT
from syncd.settings.spend_file import SpendFile
from syncd.settings.standard_file import StandardFile

MODELS: Mapping[str, type[Part]] = {
    "standard": StandardFile,
    "policy": PolicyFile,
    "crm": CrmFile,
    "outcomes": OutcomesFile,
    "spend": SpendFile,
}

_HEAD = """\
# Configuration reference

Generated from the models by `syncd reference --write`; do not edit.

`syncd check` reads the first three files and tells every mistake at once, as `file:line:column`;
`outcomes.yaml` may have any name and stand anywhere: `syncd backtest` is told where it is, and
`policy.yaml` says where `spend.yaml` is.
Editors that know YAML schemas complete and check while you type.

**Spans of time** are a number and a unit, and each means one thing:

| written | means |
|---|---|
| `30s`, `5m`, `36h`, `90 days`, `2 weeks` | plain time round the clock; a day is 24 hours |
| `1 month` | to the same day and local time of a later month, or its last day |
| `90 business minutes`, `4 business hours` | time in which the calendar is open, by the clock on \
the wall: an hour that a clock change repeats counts twice, one that it skips not at all |
| `2 business days` | to the same local time on the second day after on which the calendar opens, \
not before it opens and not after it closes; no number of hours |

**Secrets** never stand in these files. Set them in the environment, or put each into a file of
the name on the right in `$CREDENTIALS_DIRECTORY` (systemd's `LoadCredential=`):

| variable | file |
|---|---|
"""

_SECRETS_TAIL = """
Salesforce needs the client id with the client secret (`auth: client-credentials`), or with user
name and private key (`auth: jwt`). Slack needs the token or the webhook.
"""


def generated() -> Mapping[str, str]:
    """Every generated file by its path below the configuration directory."""
    schemas = {f"schema/{name}.schema.json": _schema(model) for name, model in MODELS.items()}
    return {"REFERENCE.md": _reference(), **schemas}


def _schema(model: type[Part]) -> str:
    schema = model.model_json_schema(by_alias=True)
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return json.dumps(dialect | schema, indent=2, ensure_ascii=False) + "\n"


def _reference() -> str:
    secrets = "".join(f"| `{variable}` | `{file}` |\n" for file, variable in ENVIRONMENT.items())
    files = "".join(_file_chapter(name, model) for name, model in MODELS.items())
    return _HEAD + secrets + _SECRETS_TAIL + files


def _file_chapter(name: str, model: type[Part]) -> str:
    sections = "".join(_section(title, part) for title, part in _sections(name, model))
    return f"\n## {name}.yaml\n{sections}"


def _sections(name: str, model: type[Part]) -> Iterator[tuple[str, type[Part]]]:
    """Every kind of section once, in the order a reader meets them."""
    waiting, seen = [(f"{name}.yaml", model)], {model}
    while waiting:
        title, part = waiting.pop(0)
        yield title, part
        for key, info in fields_of(part).items():
            for below in _parts_in(info.annotation):
                if below not in seen:
                    seen.add(below)
                    prefix = "" if part is model else f"{title}."
                    waiting.append((f"{prefix}{key}{_many(info.annotation)}", below))


def _section(title: str, part: type[Part]) -> str:
    rows = "".join(_row(key, info) for key, info in fields_of(part).items())
    about = cleandoc(part.__doc__ or "")
    return (
        f"\n### `{title}`\n\n{about}\n\n| key | needed | value | meaning | example |\n"
        f"|---|---|---|---|---|\n{rows}"
    )


def _row(key: str, info: FieldInfo) -> str:
    cells = (
        f"`{key}`",
        "yes" if info.is_required() else _default(info),
        _kind(info.annotation, info.metadata),
        str(info.description),
        f"`{flow((info.examples or [''])[0])}`",
    )
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |\n"


def _default(info: FieldInfo) -> str:
    if info.default is None or info.default in ({}, ()):
        return "no"
    value = info.default.value if isinstance(info.default, Enum) else info.default
    return f"no: `{flow(value)}`"


def _parts_in(annotation: object) -> tuple[type[Part], ...]:
    """The models that a field holds, at any depth."""
    if isinstance(annotation, type) and issubclass(annotation, Part):
        return (annotation,)
    return tuple(part for arg in get_args(annotation) for part in _parts_in(arg))


def _many(annotation: object) -> str:
    origin = get_origin(inner(annotation))
    if origin is tuple:
        return "[]"
    return ".NAME" if origin is dict else ""


def _kind(annotation: object, metadata: Iterable[Any] = ()) -> str:
    """What may be written, in a few words; a type with a title of its own says it itself."""
    titles = (note.json_schema.get("title") for note in metadata if hasattr(note, "json_schema"))
    title = next((str(title) for title in titles if title), None)
    origin, args = get_origin(annotation), get_args(annotation)
    if title is not None:
        return title
    if origin is Annotated:
        return _kind(args[0], args[1:])
    if origin in (Union, UnionType):
        return ", ".join(_kind(arg) for arg in args if arg is not type(None))
    if origin is Literal:
        return _choices(args)
    if origin is tuple:
        return f"list: {_kind(args[0])}"
    if origin is dict:
        return f"{_kind(args[1])} by {_kind(args[0])}"
    return _leaf(annotation)


def _leaf(annotation: object) -> str:
    if isinstance(annotation, type) and issubclass(annotation, Part):
        return "section"
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return _choices(member.value for member in annotation)
    return {bool: "true or false", int: "whole number", str: "text"}[annotation]  # type: ignore[index]  # a new kind of value must be named here


def _choices(values: Iterable[object]) -> str:
    return ", ".join(f"`{value}`" for value in values)

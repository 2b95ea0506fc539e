"""Turn what pydantic says of one value into what is wrong and what to do next."""

import json
import re
from collections.abc import Mapping

from pydantic_core import ErrorDetails

from syncd.settings.model_shape import field_at, keys_at
from syncd.settings.part import Part
from syncd.settings.problem import Mistake, Path, did_you_mean, shown
from syncd.settings.secrets import ENVIRONMENT, HINTS

_SECRET_KEY = re.compile(
    r"secret|token|passw|private_?key|api_?key|access_?key|webhook|credential|client_?id",
    re.IGNORECASE,
)
_PLAIN = re.compile(r"(?!(true|false|null)$)(?![\d.]+$)\w(?:[\w ./@%:+-]*[\w%/.])?")
"""Text that YAML reads as itself, without quotes."""
RENAMED: Mapping[str, tuple[str, str]] = {
    "handoff": (
        "handoffs",
        "write handoffs: everybody: {calendar: …, accept_within: …, ladder: {warn_at: …, "
        "recycle_after: …}}, where recycle_after is what expire_after was",
    )
}
"""Old keys: what each is called now, and how to write it."""
_CHOICES = re.compile(r"'([^']*)'")


def misfit_words(detail: ErrorDetails, model: type[Part]) -> tuple[str, str]:
    """What is wrong, and the next step."""
    path: Path = detail["loc"]
    value = detail["input"]
    match detail["type"]:
        case "value_error":
            return _own_words(detail)
        case "missing":
            return f'"{path[-1]}" is missing', f"add {path[-1]}: {_example(model, path)}"
        case "extra_forbidden":
            return _unknown_key(model, path)
        case "enum" | "literal_error":
            return _not_a_choice(detail)
        case "model_type" | "dict_type" | "model_attributes_type" | "is_instance_of":
            return _not_a_section(value, keys_at(model, path))
        case "tuple_type":
            return f"{shown(value)} is not a list", f"write it as {_example(model, path)}"
        case "bool_type":
            return f"{shown(value)} is neither true nor false", "write true or false"
        case "int_type" | "int_from_float":
            return f"{shown(value)} is not a whole number", f"write one, {_example(model, path)}"
        case "too_short":
            return "there is nothing here", f"write it as {_example(model, path)}"
        case "greater_than_equal":
            least = detail["ctx"]["ge"]
            return f"{shown(value)} is too small", f"write {least} or more"
        case _:
            return detail["msg"][:1].lower() + detail["msg"][1:], "see config/REFERENCE.md"


def _own_words(detail: ErrorDetails) -> tuple[str, str]:
    error = detail["ctx"]["error"]
    if isinstance(error, Mistake):
        return error.what, error.next_step
    return str(error), "see config/REFERENCE.md"


def _unknown_key(model: type[Part], path: Path) -> tuple[str, str]:
    key = str(path[-1])
    known = keys_at(model, path[:-1])
    if _SECRET_KEY.search(key):
        return (
            f'"{key}" looks like a secret, and secrets never stand in configuration files',
            _where_secrets_go(key, path),
        )
    if key in RENAMED and RENAMED[key][0] in known:
        new, how = RENAMED[key]
        return f'"{key}" has become "{new}"', how
    return f'unknown key "{key}"', did_you_mean(key, known)


def _where_secrets_go(key: str, path: Path) -> str:
    about = "_".join((*map(str, path[:-1]), key)).lower()
    names = [name for name, hints in HINTS.items() if all(hint in about for hint in hints)]
    names = names or [name for name in HINTS if any(part in name for part in map(str, path))]
    said = " or ".join(ENVIRONMENT[name] for name in names or HINTS)
    return f"remove it, replace it at its vendor and set {said} in the environment"


def _not_a_choice(detail: ErrorDetails) -> tuple[str, str]:
    choices = _CHOICES.findall(detail["ctx"]["expected"])
    value = detail["input"]
    return f"{shown(value)} is not known here", did_you_mean(
        str(value), choices, otherwise=f"use one of {', '.join(choices)}"
    )


def _not_a_section(value: object, keys: tuple[str, ...]) -> tuple[str, str]:
    what = "there is nothing here" if value is None else f"{shown(value)} stands for a section"
    below = f" (its keys are {', '.join(keys)})" if keys else ""
    return what, f"write keys and values below it, indented{below}"


def _example(model: type[Part], path: Path) -> str:
    """The example of the field as YAML in one line; long ones are left to the reference."""
    found = field_at(model, path)
    examples = found.examples if found else None
    if not examples:
        return "…, as config/REFERENCE.md shows"
    text = flow(examples[0])
    return text if len(text) <= 70 else "…, as config/REFERENCE.md shows"


def flow(value: object) -> str:
    """A value as one line of YAML."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(flow, value))}]"
    if isinstance(value, str):
        return value if _PLAIN.fullmatch(value) else json.dumps(value, ensure_ascii=False)
    return json.dumps(value)

"""The mode of a gate as written: a word, or a mode with the checksum of the preview behind it."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import PlainValidator, WithJsonSchema

from syncd.core.previewed import read_previewed
from syncd.domain.policy import Mode
from syncd.domain.previewed import Previewed
from syncd.settings.problem import Mistake, did_you_mean, shown

EXAMPLE = "sql-997575fed0-2c1006952f-422595"
_KEYS = ("mode", "previewed")
_HOW = f"write observe, flag, or {{mode: block, previewed: {EXAMPLE}}}"


@dataclass(frozen=True, slots=True, kw_only=True)
class GateMode:
    mode: Mode
    previewed: Previewed | None = None


def _gate_mode(value: object) -> GateMode:
    if not isinstance(value, dict):
        return GateMode(mode=_mode(value))
    for key in value:
        if key not in _KEYS:
            raise Mistake(f'unknown key "{key}"', did_you_mean(str(key), _KEYS))
    if "mode" not in value:
        raise Mistake('"mode" is missing', _HOW)
    checksum = value.get("previewed")
    return GateMode(mode=_mode(value["mode"]), previewed=_previewed(checksum) if checksum else None)


def _mode(value: object) -> Mode:
    modes = [mode.value for mode in Mode]
    if isinstance(value, str) and value in modes:
        return Mode(value)
    if isinstance(value, str):
        raise Mistake(f"{shown(value)} is not known here", did_you_mean(value, modes))
    raise Mistake(f"{shown(value)} is no mode", _HOW)


def _previewed(value: object) -> Previewed:
    found = read_previewed(value) if isinstance(value, str) else None
    if found is None:
        raise Mistake(
            f"{shown(value)} is not the checksum of a preview",
            "write the mode alone and run `syncd plan`: it shows what blocking would do, and "
            "prints the line to write here",
        )
    return found


_MODES = {"type": "string", "enum": [mode.value for mode in Mode]}

ModeOfGate = Annotated[
    GateMode,
    PlainValidator(_gate_mode),
    WithJsonSchema(
        {
            "title": "`observe`, `flag`, or `block` with the checksum of its preview",
            "anyOf": [
                _MODES,
                {
                    "type": "object",
                    "properties": {"mode": _MODES, "previewed": {"type": "string"}},
                    "required": ["mode"],
                    "additionalProperties": False,
                },
            ],
        }
    ),
]

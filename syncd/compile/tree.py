"""Everything that `syncd compile` writes: path to text, the same for the same files every time."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from syncd.compile.formula_guards import Guards, Held, Source, compile_guards
from syncd.compile.hubspot import checklist
from syncd.compile.hubspot_bands import BandHeld, BandList, band_lists
from syncd.compile.required import required_fields
from syncd.compile.salesforce import OBJECT, metadata_files, stamp_of
from syncd.core.alert_words import stage_words
from syncd.domain.names import System


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """`files` are text by their path below the directory asked for."""

    files: Mapping[str, str]
    guards: Guards
    bands: tuple[BandList | BandHeld, ...]


def compile_all(source: Source, *, api_version: str) -> Compiled:
    guards = compile_guards(source)
    bands = band_lists(source.standard, source.crm)
    metadata = metadata_files(guards.guards, source.standard, api_version=api_version)
    lists = {
        f"hubspot/lists/{x.band}.json": _json(x.request) for x in bands if isinstance(x, BandList)
    }
    files = {
        **{f"salesforce/{path}": text for path, text in metadata.items()},
        "salesforce/REQUIRED_FIELDS.md": _required(source),
        "hubspot/CHECKLIST.md": checklist(source.standard, source.policy, source.crm, bands),
        **lists,
        "HELD_BY_DAEMON.md": _held(source, guards.held, bands),
    }
    return Compiled(files=files, guards=guards, bands=bands)


def _required(source: Source) -> str:
    standard, lines = source.standard, [f"# Fields of the {OBJECT} that each stage needs", ""]
    lines.append(f"Made by `syncd compile` from {stamp_of(standard).words}.")
    for stage in standard.gates:
        lines += ["", f"## Into {stage_words(stage)} or beyond", ""]
        lines += ["| required | field | asked by |", "|---|---|---|"]
        for field in required_fields(standard, stage, source.crm, System.SALESFORCE):
            required = "always" if field.always else "it depends"
            name = f"`{field.path}`" if field.path else f"{field.words}: not in Salesforce"
            lines.append(f"| {required} | {name} | {', '.join(field.rules)} |")
    return "\n".join((*lines, ""))


def _held(source: Source, held: tuple[Held, ...], bands: tuple[BandList | BandHeld, ...]) -> str:
    lines = ["# Held by the daemon only", ""]
    lines.append(f"Made by `syncd compile` from {stamp_of(source.standard).words}. ")
    lines[-1] += "These are not built into the CRMs, and the reason why."
    lines += ["", "## No validation rule in Salesforce", ""]
    lines += [f"- {stage_words(x.gate)}, {x.what}: {x.why}." for x in held] or ["- none"]
    lines += ["", "## No active list in HubSpot", ""]
    unlisted = [x for x in bands if isinstance(x, BandHeld)]
    lines += [f"- {x.band}: {x.why}." for x in unlisted] or ["- none"]
    return "\n".join((*lines, ""))


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"

"""The example standards, each with records to try its guards on: every gate in `block`."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from formula_cases import Setting, with_marks
from formula_kinds import VALUES

from syncd.compile.formula_guards import Source
from syncd.core.condition_parts import fields_of
from syncd.domain.names import System
from syncd.domain.policy import Mode
from syncd.domain.values import FieldSpec, FieldType
from syncd.settings.load import Settings, load

PROJECT = Path(__file__).parents[1]
EXAMPLES = sorted(
    PROJECT / place / "standard.yaml"
    for place in (
        "config",
        "syncd/cli/demo/config",
        "tests/acceptance/scripts_config",
        "tests/fault/box_config",
        "tests/machine/machine_config",
    )
)


def example(standard: Path) -> Setting:
    settings = _settings(standard.parent)
    crm = with_marks(settings.crm)
    modes = dict.fromkeys(settings.standard.gates, Mode.BLOCK)
    source = Source(
        standard=settings.standard, policy=replace(settings.policy, modes=modes), crm=crm
    )
    rules = settings.standard.rules.values()
    asked = {field for rule in rules for field in fields_of(rule.condition)}
    values = {
        path: tuple(_values(spec))
        for spec in crm.fields.values()
        if spec.name in asked
        and (path := spec.properties.get(System.SALESFORCE))
        and "." not in path
    }
    return Setting(name=standard.parent.name, source=source, values=values, plain=False)


def _settings(config: Path) -> Settings:
    """Those of a box are templates: its addresses are filled in when it stands."""
    with TemporaryDirectory() as place:
        for file in config.glob("*.yaml"):
            text = file.read_text("utf-8").replace("@portal@", "1")
            text = re.sub(r"@\w+@", "http://127.0.0.1:1", text)
            (Path(place) / file.name).write_text(text, "utf-8")
        return load(Path(place), {}, None)


def _values(spec: FieldSpec) -> Iterator[Any]:
    kind = FieldType.STRING if spec.type is FieldType.OWNER else spec.type
    known: Sequence[Any] = VALUES[kind]
    options = spec.options.get(System.SALESFORCE)
    yield from (None, *options.values(), *options) if options else known

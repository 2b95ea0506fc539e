"""What is generated from the models: schemas and reference, and the words they are made of."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import get_args

import jsonschema
import orjson
import pytest
from config_files import EXAMPLE, PROJECT

from syncd.domain.action import WriteKind
from syncd.settings.model_shape import fields_of
from syncd.settings.part import Part
from syncd.settings.policy_file import BrakePart
from syncd.settings.reference import MODELS, generated
from syncd.settings.yaml_source import read_source


def _parts(annotation: object) -> Iterator[type[Part]]:
    if isinstance(annotation, type) and issubclass(annotation, Part):
        yield annotation
    for inner in get_args(annotation):
        yield from _parts(inner)


def _all_parts() -> list[type[Part]]:
    found: dict[type[Part], None] = dict.fromkeys(MODELS.values())
    waiting = list(found)
    while waiting:
        for info in fields_of(waiting.pop()).values():
            fresh = [part for part in _parts(info.annotation) if part not in found]
            found |= dict.fromkeys(fresh)
            waiting += fresh
    return list(found)


PARTS = _all_parts()
EXAMPLES = {name: EXAMPLE / f"{name}.yaml" for name in MODELS} | {
    "outcomes": PROJECT / "tests/fixtures/outcomes/map.yaml",
    "spend": PROJECT / "tests/fixtures/spend/spend.yaml",
}


def _plain(value: object) -> object:
    """YAML as an editor's schema checker sees it."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, Decimal):
        return float(value)
    return value.isoformat() if isinstance(value, date | datetime) else value


@pytest.mark.parametrize("path", sorted(generated()))
def test_a_generated_file_is_not_stale(path: str) -> None:
    checked_in = (EXAMPLE / path).read_text(encoding="utf-8")

    assert checked_in == generated()[path], "run: syncd reference --write"


@pytest.mark.parametrize("name", MODELS)
def test_an_example_file_names_its_schema_and_fits_it(name: str) -> None:
    schema = orjson.loads(generated()[f"schema/{name}.schema.json"])
    source = read_source(EXAMPLES[name], name)
    first_line = EXAMPLES[name].read_text(encoding="utf-8").splitlines()[0]

    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(_plain(source.tree))

    named = first_line.removeprefix("# yaml-language-server: $schema=")
    assert (EXAMPLES[name].parent / named).resolve() == EXAMPLE / f"schema/{name}.schema.json"


@pytest.mark.parametrize("name", MODELS)
def test_a_schema_refuses_a_key_nobody_knows(name: str) -> None:
    schema = orjson.loads(generated()[f"schema/{name}.schema.json"])
    source = read_source(EXAMPLES[name], name)
    assert source.tree is not None

    errors = list(
        jsonschema.Draft202012Validator(schema).iter_errors(_plain({**source.tree, "surprise": 1}))
    )

    assert len(errors) == 1


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
def test_every_key_is_described_and_has_an_example_that_is_sound(part: type[Part]) -> None:
    fields = fields_of(part)
    examples = {key: (info.examples or [None])[0] for key, info in fields.items()}

    read = part.model_validate(examples)

    assert all(info.description for info in fields.values())
    assert None not in examples.values()
    assert part.__doc__
    assert read.model_fields_set == set(part.model_fields)


def test_the_reference_names_every_key() -> None:
    reference = generated()["REFERENCE.md"]

    missing = [key for part in PARTS for key in fields_of(part) if f"| `{key}` |" not in reference]

    assert missing == []


def test_every_class_of_write_can_be_braked_apart() -> None:
    assert set(fields_of(BrakePart)) == {"default", *WriteKind}

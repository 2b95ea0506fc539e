"""A standard read by itself, for those who have no configuration yet: nothing but standard.yaml
and the fields that somebody else names. Must not look at policy.yaml or at secrets."""

from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from syncd.domain.names import FieldName
from syncd.domain.standard import Standard
from syncd.domain.values import FieldSpec
from syncd.errors import ConfigError
from syncd.settings.condition_build import FieldMap
from syncd.settings.crm_build import build_crm
from syncd.settings.crm_file import CrmFile
from syncd.settings.fitting import FileModel, Fitted, fit
from syncd.settings.standard_build import build_standard
from syncd.settings.standard_file import StandardFile
from syncd.settings.yaml_source import read_source

_Built = TypeVar("_Built")


def load_standard(path: Path, fields: Mapping[FieldName, FieldSpec], *, named_in: str) -> Standard:
    """The standard in this file, held against these fields, which are named in the file
    `named_in`. ConfigError with every problem, one line each."""
    file = _read(path, StandardFile)
    standard = build_standard(
        file, FieldMap(specs=fields, names=fields.keys(), named_in=named_in), unwritable={}
    )
    return _sound(file, standard)


def configured_fields(config_dir: Path) -> Mapping[FieldName, FieldSpec]:
    """The fields of crm.yaml; none where there is no such file."""
    path = config_dir / "crm.yaml"
    if not path.exists():
        return {}
    file = _read(path, CrmFile)
    return _sound(file, build_crm(file)).crm.fields


def _read(path: Path, model: type[FileModel]) -> Fitted[FileModel]:
    return fit(read_source(path, str(path)), model)


def _sound(file: Fitted[FileModel], built: _Built | None) -> _Built:
    if built is None or file.problems:
        found = sorted(file.problems, key=lambda x: (x.line, x.column))
        raise ConfigError(tuple(dict.fromkeys(map(str, found))))
    return built

"""A configuration as far as it is sound, for whoever looks before there is one: each of the three
files may be missing. Must not reach any service."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from syncd.domain.mapping import CrmMap
from syncd.domain.policy import Policy
from syncd.domain.standard import Standard
from syncd.errors import ConfigError
from syncd.settings.connections import Connections
from syncd.settings.crm_build import BuiltCrm, build_crm
from syncd.settings.crm_file import CrmFile
from syncd.settings.fitting import fit
from syncd.settings.load import FILES, examine, read_standard
from syncd.settings.secrets import Secrets, load_secrets
from syncd.settings.yaml_source import read_source
from syncd.store_ports import StorePlace


@dataclass(frozen=True, slots=True, kw_only=True)
class AsFar:
    """`lacking` says why there is no standard; `store` is None without a whole configuration."""

    secrets: Secrets
    crm: CrmMap | None = None
    connections: Connections | None = None
    standard: Standard | None = None
    policy: Policy | None = None
    store: StorePlace | None = None
    lacking: str = ""


def as_far_as_sound(
    config_dir: Path, environ: Mapping[str, str], credentials_dir: Path | None
) -> AsFar:
    """ConfigError for a crm.yaml that is there and not sound: who wrote one means it."""
    secrets, _ = load_secrets(environ, credentials_dir)
    settings = examine(config_dir, environ, credentials_dir).settings
    if settings is not None:
        return AsFar(
            secrets=secrets,
            crm=settings.crm,
            connections=settings.connections,
            standard=settings.standard,
            policy=settings.policy,
            store=settings.store,
        )
    standard_path, _, crm_path = (config_dir / name for name in FILES)
    crm = _crm(crm_path) if crm_path.exists() else None
    standard, lacking = _standard(standard_path, crm_path)
    return AsFar(
        secrets=secrets,
        crm=crm.crm if crm else None,
        connections=crm.connections if crm else None,
        standard=standard,
        lacking=lacking,
    )


def _crm(path: Path) -> BuiltCrm:
    file = fit(read_source(path, str(path)), CrmFile)
    built = build_crm(file)
    if built is None or file.problems:
        raise ConfigError(tuple(dict.fromkeys(map(str, file.problems))))
    return built


def _standard(path: Path, crm_path: Path) -> tuple[Standard | None, str]:
    if not path.exists():
        return None, f"there is no {path}"
    if not crm_path.exists():
        return None, f"{path} cannot be read without {crm_path}, which says what its fields are"
    try:
        return read_standard(path, crm_path), ""
    except ConfigError as error:
        return None, f"{path} is not sound: `syncd check` says why ({str(error).splitlines()[0]})"

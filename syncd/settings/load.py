"""Load config/ into one sound value, or raise ConfigError with everything that is wrong.

The only door into configuration. Reads three YAML files, the environment and credential
files; must not reach any service.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from syncd.domain.mapping import CrmMap
from syncd.domain.names import System
from syncd.domain.policy import Policy
from syncd.domain.stage import Stage
from syncd.domain.standard import Standard
from syncd.errors import ConfigError
from syncd.settings.condition_build import FieldMap
from syncd.settings.connections import Connections
from syncd.settings.crm_build import BuiltCrm, build_crm
from syncd.settings.crm_file import CrmFile
from syncd.settings.dashboard_file import DashboardPlace
from syncd.settings.fitting import FileModel, Fitted, fit
from syncd.settings.gate_build import ALWAYS_GUARDED
from syncd.settings.policy_build import Elsewhere, build_policy
from syncd.settings.policy_file import PolicyFile
from syncd.settings.problem import Problem
from syncd.settings.secrets import Secrets, load_secrets
from syncd.settings.stage_lines import unwritable
from syncd.settings.standard_build import build_standard
from syncd.settings.standard_file import PointsPart, StandardFile
from syncd.settings.yaml_source import read_source
from syncd.store_ports import StorePlace

FILES = ("standard.yaml", "policy.yaml", "crm.yaml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bind:
    """Where something listens."""

    host: str
    port: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All that configuration says. `digest` changes with any byte of the three files. `spend` is
    where `spend_read` finds what was spent: only reports need it."""

    standard: Standard
    policy: Policy
    crm: CrmMap
    connections: Connections
    secrets: Secrets
    poll_every: timedelta
    reconcile_every: timedelta
    store: StorePlace
    web: Bind
    dashboard: DashboardPlace
    digest: str
    spend: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """What came of looking at a configuration: settings when there are no problems."""

    settings: Settings | None
    problems: tuple[Problem, ...]


def load(config_dir: Path, environ: Mapping[str, str], credentials_dir: Path | None) -> Settings:
    """The settings. ConfigError with every problem, one line each."""
    examined = examine(config_dir, environ, credentials_dir)
    if examined.settings is None:
        raise ConfigError(tuple(map(str, examined.problems)))
    return examined.settings


def examine(config_dir: Path, environ: Mapping[str, str], credentials_dir: Path | None) -> Examined:
    """The settings, or every problem in the order of files and lines."""
    secrets, secret_problems = load_secrets(environ, credentials_dir)
    files = _Files(
        standard=_read(config_dir, FILES[0], StandardFile),
        policy=_read(config_dir, FILES[1], PolicyFile),
        crm=_read(config_dir, FILES[2], CrmFile),
    )
    crm = build_crm(files.crm)
    fields = _field_map(files.crm, crm)
    lacking = unwritable({s: crm.crm.sides[s].stages for s in System} if crm else {})
    standard = build_standard(files.standard, fields, lacking)
    policy = build_policy(files.policy, _elsewhere(files, crm, fields, lacking))
    problems = (*files.problems(), *secret_problems)
    if problems or not (standard and policy and crm and files.crm.model and files.policy.model):
        return Examined(settings=None, problems=problems)
    settings = Settings(
        standard=standard,
        policy=policy,
        crm=crm.crm,
        connections=crm.connections,
        secrets=secrets,
        poll_every=files.crm.model.poll_every,
        reconcile_every=files.crm.model.reconcile_every,
        store=files.crm.model.store.place(_state_directory(environ), secrets),
        web=bind_of(files.crm.model.web.address),
        dashboard=files.crm.model.dashboard.place(),
        digest=content_digest(config_dir),
        spend=config_dir / files.policy.model.spend if files.policy.model.spend else None,
    )
    return Examined(settings=settings, problems=())


def read_standard(standard_path: Path, crm_path: Path) -> Standard:
    """A standard by itself, read with the fields of this crm.yaml. ConfigError with every
    problem of either."""
    crm_file = fit(read_source(crm_path, str(crm_path)), CrmFile)
    file = fit(read_source(standard_path, str(standard_path)), StandardFile)
    crm = build_crm(crm_file)
    lacking = unwritable({s: crm.crm.sides[s].stages for s in System} if crm else {})
    standard = build_standard(file, _field_map(crm_file, crm), lacking)
    problems = (*crm_file.problems, *file.problems)
    if problems or standard is None:
        raise ConfigError(tuple(map(str, problems)))
    return standard


def content_digest(config_dir: Path) -> str:
    """A fingerprint of the three files, to tell whether any was changed. A file that cannot
    be read counts as empty: loading will say why."""
    total = hashlib.sha256()
    for name in FILES:
        try:
            content = (config_dir / name).read_bytes()
        except OSError:
            content = b""
        total.update(hashlib.sha256(content).digest())
    return total.hexdigest()[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Files:
    standard: Fitted[StandardFile]
    policy: Fitted[PolicyFile]
    crm: Fitted[CrmFile]

    def problems(self) -> tuple[Problem, ...]:
        found: list[Problem] = []
        for file in (self.standard, self.policy, self.crm):
            found += sorted(file.problems, key=lambda problem: (problem.line, problem.column))
        return tuple(dict.fromkeys(found))


def _read(config_dir: Path, name: str, model: type[FileModel]) -> Fitted[FileModel]:
    return fit(read_source(config_dir / name, str(config_dir / name)), model)


def _field_map(file: Fitted[CrmFile], built: BuiltCrm | None) -> FieldMap:
    if built is None:
        return FieldMap(specs={}, names=None)
    names = file.source.names("fields") | frozenset(built.crm.marks.values())
    return FieldMap(specs=built.crm.fields, names=names)


def _elsewhere(
    files: _Files, built: BuiltCrm | None, fields: FieldMap, lacking: Mapping[Stage, str]
) -> Elsewhere:
    """What policy.yaml is held against."""
    return Elsewhere(
        gates=_gates(files.standard) if files.standard.source.tree is not None else None,
        channels=_channels(files.crm, built) if built else None,
        unwritable=lacking,
        fields=fields,
        behaviour=_behaviour(files.standard),
    )


def _behaviour(file: Fitted[StandardFile]) -> Decimal | None:
    """All the points that behaviour can give any lead at once, in the variant that gives the
    least; None where that cannot be told."""
    if file.model is None or file.problems:
        return None
    everybodys = file.model.score.points if file.model.score else ()
    others = [x.score.points for x in file.model.variants if x.score and x.score.points]
    return min(map(_behaviour_points, (everybodys, *others)))


def _behaviour_points(points: Iterable[PointsPart]) -> Decimal:
    return sum((item.points for item in points if item.behaviour and item.points > 0), Decimal())


def _channels(file: Fitted[CrmFile], built: BuiltCrm) -> dict[str, str]:
    """Every channel that is named, even one whose value is faulty."""
    written = file.source.names("connections", "slack", "channels")
    return {name: name for name in written} | dict(built.connections.slack.channels)


def _gates(file: Fitted[StandardFile]) -> frozenset[str]:
    """The stages with a gate; the ones that must have one count even where it is missing,
    for that is said already."""
    return file.source.names("gates") | frozenset(ALWAYS_GUARDED)


def _state_directory(environ: Mapping[str, str]) -> Path:
    """Where systemd wants state kept (the first directory if several), else here."""
    return Path(environ.get("STATE_DIRECTORY", "").split(":")[0])


def bind_of(address: str) -> Bind:
    host, _, port = address.rpartition(":")
    return Bind(host=host.strip("[]"), port=int(port))

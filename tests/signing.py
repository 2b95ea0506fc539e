"""Sign a configuration that a test has written, so that its gates may block.

What a text comes to is worked out once: most boxes of a run have the same.
"""

from datetime import UTC, datetime
from pathlib import Path

from syncd.core.standard_digest import digest_of
from syncd.domain.standard import TEAMS, Signature
from syncd.errors import ConfigError
from syncd.settings.load import read_standard
from syncd.settings.signing_file import signed_text

_ON = datetime(2026, 1, 5, 10, 0, tzinfo=UTC)
_NAMES = {"marketing": "Ada Moreau", "sales": "Ben Okafor"}
_known: dict[tuple[str, str], str] = {}


def sign(config: Path) -> None:
    """Both teams sign standard.yaml as it stands there; one that is faulty stays as it is."""
    path = config / "standard.yaml"
    text = path.read_text(encoding="utf-8")
    crm = (config / "crm.yaml").read_text(encoding="utf-8").splitlines()
    key = (text, "\n".join(line for line in crm if "//127.0.0.1" not in line))
    if key not in _known:
        _known[key] = _signed(config, text)
    path.write_text(_known[key], encoding="utf-8")


def _signed(config: Path, text: str) -> str:
    try:
        digest = digest_of(read_standard(config / "standard.yaml", config / "crm.yaml"))
    except ConfigError:
        return text
    for team in TEAMS:
        text = signed_text(text, Signature(team=team, name=_NAMES[team], on=_ON, digest=digest))
    return text

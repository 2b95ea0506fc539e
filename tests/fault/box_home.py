"""Where a worker of a box lives: its configuration, its store, its clock."""

from collections.abc import Mapping
from pathlib import Path

from empty_store import put_store
from signing import sign

from syncd.adapters.transport.session import Timeouts
from syncd.sandbox.hubspot.apps import DEFAULT_TOKEN as HUBSPOT_TOKEN
from syncd.sandbox.serve import Fronts
from syncd.sandbox.slack.workspace import DEFAULT_TOKEN as SLACK_TOKEN
from syncd.wiring import Source

_CONFIG = Path(__file__).with_name("box_config")


def write_config(
    home: Path, fronts: Fronts, changes: Mapping[str, str], *, folder: Path = _CONFIG
) -> None:
    """The box's own configuration, or that of another folder, pointed at these fronts and
    signed as it then stands; and an empty store."""
    put_store(home)
    config = home / "config"
    config.mkdir()
    for path in folder.iterdir():
        text = path.read_text(encoding="utf-8")
        (config / path.name).write_text(_filled(text, fronts, changes), encoding="utf-8")
    if changes:
        sign(config)


def source_at(home: Path, *, patience: float = 5.0) -> Source:
    return Source(
        config_dir=home / "config",
        environ={
            "STATE_DIRECTORY": str(home),
            "SYNCD_SALESFORCE_CLIENT_ID": "box",
            "SYNCD_SALESFORCE_CLIENT_SECRET": "box",
            "SYNCD_HUBSPOT_TOKEN": HUBSPOT_TOKEN,
            "SYNCD_SLACK_TOKEN": SLACK_TOKEN,
        },
        credentials_dir=None,
        timeouts=Timeouts(connect=patience, read=patience),
    )


def _filled(text: str, fronts: Fronts, changes: Mapping[str, str]) -> str:
    urls = {
        "@salesforce@": fronts.salesforce_url,
        "@hubspot@": fronts.hubspot_url,
        "@slack@": fronts.slack_url,
    }
    for before, after in {**urls, **changes}.items():
        text = text.replace(before, after)
    return text

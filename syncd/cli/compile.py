"""`syncd compile`: turn the standard into native guards of both CRMs, as files to be deployed.

Asks no CRM anything and deploys nothing.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import click

from syncd.cli.compiled_files import Written, write_files
from syncd.cli.options import config_option, json_option, print_json, source_of
from syncd.compile.formula_guards import Source
from syncd.compile.formula_head import PERMISSION
from syncd.compile.hubspot_bands import BandHeld, BandList
from syncd.compile.salesforce import stamp_of
from syncd.compile.tree import Compiled, compile_all
from syncd.core.alert_words import stage_words
from syncd.core.value_words import counted
from syncd.settings.load import Settings


@click.command
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="The directory to write to; made where it is not there.",
)
@config_option
@json_option
def compile(out: Path, config_dir: Path, as_json: bool) -> None:  # noqa: A001 - the verb itself
    """Turn the standard into guards of Salesforce and lists for HubSpot: files to be deployed."""
    settings = source_of(config_dir).load()
    source = Source(standard=settings.standard, policy=settings.policy, crm=settings.crm)
    compiled = compile_all(source, api_version=settings.connections.salesforce.api_version)
    written = write_files(out, compiled.files)
    if as_json:
        print_json(_facts(compiled, written, settings))
    else:
        click.echo("\n".join(_page(out, compiled, written, settings)))


def _facts(compiled: Compiled, written: Written, settings: Settings) -> object:
    stamp = stamp_of(settings.standard)
    return {
        "standard": stamp.version,
        "digest": stamp.digest,
        "files": written.files,
        "removed": written.removed,
        "guards": [{"name": x.name, "gate": x.gate} for x in compiled.guards.guards],
        "held": [{"gate": x.gate, "what": x.what, "why": x.why} for x in compiled.guards.held],
        "bands_held": [
            {"band": x.band, "why": x.why} for x in compiled.bands if isinstance(x, BandHeld)
        ],
    }


def _page(out: Path, compiled: Compiled, written: Written, settings: Settings) -> Iterator[str]:
    yield f"{stamp_of(settings.standard).words} → {out}"
    yield from (f"  wrote {path}" for path in written.files)
    yield from (f"  removed {path}, which is no longer made" for path in written.removed)
    yield from _held(compiled)
    if datetime.now(UTC).date() > settings.standard.review_by:
        yield from ("", _overdue(settings.standard.review_by))
    yield from ("", "Next, by a person (docs/COMPILE.md says how):")
    steps = _steps(out, compiled)
    yield from (f"  {number}. {step}" for number, step in enumerate(steps, start=1))


def _overdue(review_by: date) -> str:
    return (
        f"The standard was to be reviewed by {review_by}: no gate blocks, and these rules refuse "
        "nothing, until review_by is renewed and they are compiled and deployed anew."
    )


def _held(compiled: Compiled) -> Iterator[str]:
    yield from ("", "Held by the daemon only:")
    yield from (f"  {stage_words(x.gate)}, {x.what}: {x.why}" for x in compiled.guards.held)
    unlisted = [x for x in compiled.bands if isinstance(x, BandHeld)]
    yield from (f"  the list of the band {x.band}: {x.why}" for x in unlisted)
    if not compiled.guards.held and not unlisted:
        yield "  nothing: the CRMs can hold all of it"


def _steps(out: Path, compiled: Compiled) -> Iterator[str]:
    count = len(compiled.guards.guards)
    if count:
        yield f"Read {out}/salesforce, and try it on a Salesforce sandbox first."
        yield (
            f"Deploy the {counted(count, 'validation rule')}: in {out}/salesforce, "
            "`sf project deploy start --manifest manifest/package.xml`."
        )
        yield (
            f"Give the permission set {PERMISSION} to the user syncd writes as, before the rules "
            "are active: else they refuse its writes, too."
        )
    else:
        yield "Nothing to deploy to Salesforce: no gate in mode block can be held there."
    yield f"In HubSpot, follow {out}/hubspot/CHECKLIST.md."
    if any(isinstance(x, BandList) for x in compiled.bands):
        yield f"Make the active lists from {out}/hubspot/lists."

"""`syncd check`: validate config/ and tell every mistake at once, with the next step.

Reads files only; asks no CRM anything. Mistakes in the file of what was spent are warnings:
only the cost of a lead needs it.
"""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from syncd.cli.options import config_option, json_option, source_of
from syncd.core.value_words import counted
from syncd.settings.advice import advice
from syncd.settings.load import Examined, Settings, examine
from syncd.settings.spend_read import read_spend


@click.command()
@config_option
@json_option
@click.pass_context
def check(ctx: click.Context, config_dir: Path, as_json: bool) -> None:
    """Validate the configuration: every mistake at once, as file:line:column."""
    source = source_of(config_dir)
    examined = examine(source.config_dir, source.environ, source.credentials_dir)
    settings = examined.settings
    today = datetime.now(UTC).date()
    warnings = (*advice(settings, today=today), *_spend(settings)) if settings else ()
    click.echo(_as_json(examined, warnings) if as_json else _as_text(examined, warnings))
    ctx.exit(0 if settings else 1)


def _spend(settings: Settings) -> tuple[str, ...]:
    return tuple(
        f"{problem} (reports say no cost of a lead until then)"
        for problem in read_spend(settings.spend).problems
    )


def _as_text(examined: Examined, warnings: tuple[str, ...]) -> str:
    if examined.settings is None:
        count = len(examined.problems)
        verdict = f"{count} problem{'' if count == 1 else 's'}: nothing will be written until fixed"
        return "\n".join((*map(str, examined.problems), verdict))
    standard = examined.settings.standard
    verdict = (
        f"ok: standard {standard.version}, {counted(len(standard.rules), 'rule')}, "
        f"gates {', '.join(standard.gates)}"
        f"{''.join(f', variant {x.name}' for x in standard.variants)}"
    )
    return "\n".join((*(f"warning: {words}" for words in warnings), verdict))


def _as_json(examined: Examined, warnings: tuple[str, ...]) -> str:
    answer = {
        "ok": examined.settings is not None,
        "problems": [asdict(problem) for problem in examined.problems],
        "warnings": list(warnings),
    }
    return json.dumps(answer, indent=2, ensure_ascii=False)

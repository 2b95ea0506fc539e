"""The monthly meeting, for `syncd report --meeting`.

Imports tables: only from inside a command's function.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from syncd.cli.layout import bullet, console, heading
from syncd.cli.measured import facts_of, scope_of, warn_of_unseen
from syncd.cli.meeting_page import DiffOf, page
from syncd.cli.options import print_json, source_of
from syncd.cli.report_files import write_page
from syncd.measure.catalogue import MEASURES, SECTIONS
from syncd.measure.meeting import Agenda, Meeting, meeting_of
from syncd.measure.meeting_words import digest
from syncd.measure.proposals import Proposal
from syncd.measure.report import Catalogue
from syncd.settings.standard_edit import diff_of, without_rule

_TOPICS = (
    ("Missing at handoff", ("missing",)),
    ("Why sales gave leads back", ("rejections",)),
    ("Objections heard", ("objections",)),
    ("Why deals were lost", ("losses",)),
    ("Waivers by reason", ("waivers-by-reason",)),
)


def answer_meeting(
    config_dir: Path,
    *,
    period: str | None,
    only: Sequence[str],
    span: timedelta,
    html_path: Path | None,
    as_json: bool,
) -> None:
    settings = source_of(config_dir).load()
    scope = scope_of(settings, period, only, now=datetime.now(UTC))
    agenda = Agenda(topics=_TOPICS, catalogue=Catalogue(measures=MEASURES, sections=SECTIONS))
    facts = facts_of(settings)
    warn_of_unseen(facts, scope)
    found = meeting_of(agenda, facts, settings.standard, scope, span=span)
    differ = _differ(config_dir / "standard.yaml")
    if html_path:
        write_page(html_path, page(found, differ))
    if as_json:
        print_json({"period": scope.label, "digest": digest(found), **_proposed(found, differ)})
        return
    _show(found)
    if html_path:
        click.echo(f"\nThe page: {html_path}")


def _proposed(found: Meeting, differ: DiffOf) -> Mapping[str, Any]:
    """Each with its change of standard.yaml, for `git apply`."""
    return {
        "proposals": [
            {"gate": x.stage, "rule": x.rule, "why": x.why, "diff": differ(x)}
            for x in found.proposals
        ]
    }


def _show(found: Meeting) -> None:
    shown = console()
    shown.print(heading(f"Joint meeting, {found.scope.label}"))
    for line in digest(found):
        shown.print(bullet(line))


def _differ(standard: Path) -> DiffOf:
    text = standard.read_text(encoding="utf-8")

    def differ(proposal: Proposal) -> str:
        try:
            return diff_of(text, without_rule(text, proposal.stage, proposal.rule))
        except ValueError:
            return ""

    return differ

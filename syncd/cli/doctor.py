"""`syncd doctor`: what is wrong with this machine, both CRMs, Slack and the store.

Reads only. Exit codes go by the worst finding: 0 nothing or notes, 4 warnings, 1 errors.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from threading import Event

import click
from rich.padding import Padding
from rich.text import Text

from syncd.adapters.clock import SystemClock
from syncd.app_doctor import check_up
from syncd.cli.layout import console
from syncd.cli.options import config_option, json_option, print_json, source_of
from syncd.core.doctor.finding import Finding, Severity, exit_code
from syncd.core.value_words import counted

_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "dim"}


@click.command()
@config_option
@json_option
@click.pass_context
def doctor(ctx: click.Context, config_dir: Path, as_json: bool) -> None:
    """Look for what keeps syncd from working: rights, fields, history, clocks, channels, disk.

    Changes nothing. Exit code: 0 nothing to do, 4 warnings, 1 errors.
    """
    findings = check_up(source_of(config_dir), clock=SystemClock(Event()))
    if as_json:
        print_json({"healthy": not findings, "findings": [asdict(x) for x in findings]})
    else:
        _show(findings)
    ctx.exit(exit_code(findings))


def _show(findings: Sequence[Finding]) -> None:
    shown = console()
    for finding in findings:
        style = _STYLES[finding.severity]
        head = Text.assemble((finding.severity, style), f" {finding.id}: ", finding.where)
        shown.print(head, soft_wrap=True)
        shown.print(Padding(Text(f"{finding.what}. {finding.why}"), (0, 0, 0, 2)))
        shown.print(Padding(Text(f"→ {finding.fix}", style="dim"), (0, 0, 0, 2)))
    shown.print(_summary(findings))


def _summary(findings: Sequence[Finding]) -> str:
    if not findings:
        return "healthy: nothing found"
    counts = Counter(finding.severity for finding in findings)
    return ", ".join(counted(counts[x], x.value) for x in Severity if counts[x])

"""`syncd plan --since 90d`: what the standard would have done with past moves."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from threading import Event

import click

from syncd.adapters.clock import SystemClock
from syncd.adapters.logs import set_up_logs
from syncd.app_preview import replay_of, waking_of
from syncd.cli.options import print_json
from syncd.cli.replay_page import replay_json, replay_page
from syncd.cli.waking_page import waking_lines
from syncd.core.previewed import checksum
from syncd.core.replay import Replayed
from syncd.domain.names import System
from syncd.errors import SyncdError
from syncd.measure.replayed import ReplayCounts
from syncd.settings.durations import parse_elapsed
from syncd.settings.load import Settings
from syncd.settings.problem import Mistake
from syncd.wiring import Source

_EACH = 1_000


def replay_plan(source: Source, written: str, *, as_json: bool) -> None:
    """Read both CRMs, count what would have been, and print it. Writes nothing."""
    settings = source.load()
    set_up_logs(settings.secrets.values(), level="ERROR")
    clock = SystemClock(Event())
    since = _since(written, clock.now())
    counts, each = ReplayCounts(since=since), list[Replayed]()
    for move in replay_of(source, since, clock=clock, told=_progress):
        counts.add(move)
        if as_json:
            each.append(move)
    checksums = checksums_to_block(settings, counts.digest())
    awake = waking_of(source, clock=clock)
    if as_json:
        print_json({**replay_json(counts, each, checksums), "wakes": awake})
    else:
        click.echo(replay_page(counts, settings.standard.version, checksums))
        click.echo("\n".join(waking_lines(awake)))


def checksums_to_block(settings: Settings, shown: str) -> Mapping[str, str]:
    """Of the gates that are to block and wait for somebody to look first."""
    return {
        gate: checksum(settings.standard, gate, shown)
        for gate in sorted(settings.policy.unpreviewed)
        if gate in settings.standard.gates
    }


def _since(written: str, now: datetime) -> datetime:
    try:
        span = parse_elapsed(written)
    except Mistake as mistake:
        raise SyncdError(f"--since: {mistake}") from None
    if span <= timedelta():
        raise SyncdError("--since names no time that has passed; write it as 90d")
    return now - span


def _progress(system: System, records: int) -> None:
    if records and records % _EACH == 0:
        click.echo(f"{system.label}: {records:,} changed records read", err=True)

"""`syncd provision`: make what the configuration needs in both CRMs, or say what it would make.

Exit codes: 0 nothing is left but to do by hand, 1 something could not be made, 4 something
differs that only a person can settle.
"""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from threading import Event

import click
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from syncd.adapters.clock import SystemClock
from syncd.app_provision import open_site
from syncd.cli.layout import console, heading
from syncd.cli.options import config_option, json_option, print_json, source_of
from syncd.core.provision import TO_DO, UNSETTLED, Item, State
from syncd.core.provision_hand import HandWork, by_hand
from syncd.core.value_words import counted
from syncd.jobs.provision import Failure, build, survey

_STYLES = {
    State.EXISTS: "dim",
    State.MISSING: "green",
    State.LACKS: "green",
    State.HIDDEN: "green",
    State.DIFFERS: "bold red",
    State.BY_HAND: "yellow",
}
_COUNTED = {State.EXISTS: "there already", State.DIFFERS: "different"}
_FAILED, _UNSETTLED = 1, 4


@click.command()
@click.option("--apply", is_flag=True, help="Make it; without this nothing is written.")
@config_option
@json_option
@click.pass_context
def provision(ctx: click.Context, apply: bool, config_dir: Path, as_json: bool) -> None:
    """Show what both CRMs lack of what the configuration needs; with --apply, make it.

    Makes fields, their property group and permission set, missing options and lists. Never
    alters what is there, but to add an option. May be run again at any time.
    """
    site = open_site(source_of(config_dir), SystemClock(Event()))
    items = survey(site)
    failures: tuple[Failure, ...] = ()
    if apply and any(item.state in TO_DO for item in items):
        failures = build(site, items)
        items = survey(site)
    hand = by_hand(site.wanted, site.crm)
    if as_json:
        print_json({"items": [_told(x) for x in items], "failures": failures, "by_hand": hand})
    else:
        _show(items, failures, hand, applied=apply)
    ctx.exit(_exit_code(items, failures))


def _exit_code(items: Sequence[Item], failures: Sequence[Failure]) -> int:
    if failures:
        return _FAILED
    return _UNSETTLED if any(item.state in UNSETTLED for item in items) else 0


def _told(item: Item) -> dict[str, str]:
    where = f"{item.wants.where}" if item.wants else ""
    return {
        "system": item.system.value,
        "kind": item.kind,
        "name": item.name,
        "state": item.state.name.lower(),
        "says": item.says,
        "where": where,
    }


def _show(
    items: Sequence[Item],
    failures: Sequence[Failure],
    hand: Sequence[HandWork],
    *,
    applied: bool,
) -> None:
    shown = console()
    shown.print(_table(items))
    if failures:
        shown.print(heading("Could not be made"))
    for failure in failures:
        shown.print(Padding(Text(f"{failure.what}: {failure.why}"), (0, 0, 0, 2)))
    shown.print(heading("By hand, once"))
    for work in hand:
        shown.print(Padding(Text(work.where, style="bold"), (0, 0, 0, 2)))
        shown.print(Padding(Text(work.what), (0, 0, 0, 4)))
    shown.print(f"\n{_summary(items, applied=applied)}", soft_wrap=True)


def _table(items: Sequence[Item]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("where", "what", "state", ""):
        table.add_column(title, overflow="fold")
    for item in items:
        state = Text(item.state, style=_STYLES[item.state])
        where = f"{item.system.label} {item.kind}"
        table.add_row(where, Text(item.name), state, Text(item.says, style="dim"))
    return table


def _summary(items: Sequence[Item], *, applied: bool) -> str:
    counts = Counter(item.state for item in items)
    told = ", ".join(f"{counts[x]} {_COUNTED.get(x, x)}" for x in State if counts[x])
    left = sum(counts[x] for x in TO_DO)
    if not left:
        return f"{told}. Nothing to make; `syncd doctor` tells whether all is well."
    if applied:
        return (
            f"{told}. {counted(left, 'thing')} could not be made: run it again once that is mended."
        )
    return f"{told}. Nothing was written: `syncd provision --apply` makes what is to be made."

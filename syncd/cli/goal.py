"""`syncd goal`: what a revenue target takes, walked back through the measured rates. Reads the
store at most, and no CRM.

Tables are imported when the command runs, not when the daemon does.
"""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from syncd.cli.layout import console
from syncd.cli.options import config_option, json_option, print_json

if TYPE_CHECKING:
    from syncd.cli.goal_measured import Rates

_LEAST, _MOST = 0.01, 1e15


class _Amount(click.ParamType[float]):
    name = "amount"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """As people write it, and as it is printed: 2000000 or 2,000,000."""
        is_grouped = re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", value)
        try:
            amount = float(value.replace(",", "") if is_grouped else value)
        except ValueError:
            self.fail(f"{value!r} is no amount; write 2000000 or 2,000,000", param, ctx)
        if not _LEAST <= amount <= _MOST:
            self.fail(f"{value} is no amount from {_LEAST} to {_MOST:,.0f}", param, ctx)
        return amount


_AMOUNT = _Amount()


@click.command()
@config_option
@click.option("--target", type=_AMOUNT, required=True, help="The revenue that is wanted.")
@click.option("--value", type=_AMOUNT, required=True, help="What one sale brings.")
@click.option(
    "--rates",
    metavar="15%,6%",
    help="Rates from the sale back, instead of the measured ones; named, "
    "appointments=15%,leads=6%: of the appointments 15 % buy, of the leads 6 % get one.",
)
@click.option(
    "--months",
    type=click.IntRange(1, 120),
    default=12,
    show_default=True,
    help="The time there is to reach it.",
)
@click.option(
    "--period",
    metavar="2026-01..2026-09",
    help="New leads of which period the rates are measured on. Default: the last 12 whole months.",
)
@json_option
def goal(
    config_dir: Path,
    target: float,
    value: float,
    rates: str | None,
    months: int,
    period: str | None,
    as_json: bool,
) -> None:
    """How many deals, opportunities, MQLs and leads a revenue target takes.

    Walks it back through the rates as they were measured, or through those you give, for each
    month and against the present pace, and tells what a percentage point at each step saves.
    """
    from syncd.cli.goal_view import answer, show
    from syncd.measure.goal import goal as walked

    if rates and period:
        raise click.UsageError("--rates gives the rates, --period measures them: give one of them")
    known = _given(rates) if rates else _measured(config_dir, period)
    found = walked(target, value, known.steps, months=months, sold=known.sold, pace=known.pace)
    if as_json:
        print_json(answer(found, known.says))
        return
    show(found, known.says, console())


def _given(rates: str) -> "Rates":
    from syncd.cli.goal_measured import Rates
    from syncd.cli.goal_rates import SALES, read_rates

    try:
        steps = read_rates(rates)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--rates") from None
    return Rates(steps=steps, sold=SALES, pace={}, says="The rates are those you gave.")


def _measured(config_dir: Path, period: str | None) -> "Rates":
    from syncd.cli.goal_measured import measured

    return measured(config_dir, period)

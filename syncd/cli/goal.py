"""`syncd goal`: what a revenue target takes, walked back through the measured rates. Reads the
store at most, and no CRM.

Tables are imported when the command runs, not when the daemon does.
"""

from typing import TYPE_CHECKING

import click

from syncd.cli.layout import console
from syncd.cli.options import json_option, print_json

if TYPE_CHECKING:
    from syncd.measure.goal import Step

_AMOUNT = click.FloatRange(min=0, min_open=True)


@click.command()
@click.option("--target", type=_AMOUNT, required=True, help="The revenue that is wanted.")
@click.option("--value", type=_AMOUNT, required=True, help="What one sale brings.")
@click.option(
    "--rates",
    required=True,
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
@json_option
def goal(
    target: float,
    value: float,
    rates: str,
    months: int,
    as_json: bool,
) -> None:
    """How many sales, opportunities, MQLs and leads a revenue target takes."""
    from syncd.cli.goal_view import answer, show
    from syncd.measure.goal import goal as walked

    found = walked(target, value, _given(rates), months=months)
    source = "The rates are those you gave."
    if as_json:
        print_json(answer(found, source))
        return
    show(found, source, console())


def _given(rates: str) -> "tuple[Step, ...]":
    from syncd.cli.goal_rates import read_rates

    try:
        return read_rates(rates)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--rates") from None

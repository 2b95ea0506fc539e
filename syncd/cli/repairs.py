"""`syncd backfill --apply FIELD=CRM`: order the repair of one field. Carries out nothing."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import click

from syncd.cli.options import open_for_orders, print_json
from syncd.core.connector import left_to_connector
from syncd.core.repair import why_not_repair
from syncd.domain.names import STAGE, FieldName, System
from syncd.domain.order import Order, RepairField
from syncd.errors import SyncdError
from syncd.settings.load import Settings

_TICK = timedelta(microseconds=1)


def order_repairs(settings: Settings, texts: Sequence[str], *, by: str, as_json: bool) -> None:
    """All of them or none: SyncdError says why one cannot be."""
    repairs = [_repair(text) for text in texts]
    store = open_for_orders(settings)
    left = left_to_connector(store.sides().values(), settings.crm)
    for text, what in zip(texts, repairs, strict=True):
        if why := why_not_repair(what, settings.crm, left_to_connector=left):
            raise SyncdError(f"--apply {text}: {why}")
    now = datetime.now(UTC)
    orders = [
        Order(id=uuid4().hex, what=what, by=by, placed_at=now + n * _TICK)  # in the order typed
        for n, what in enumerate(repairs)
    ]
    for order in orders:
        store.place(order)
    if as_json:
        print_json(orders)
        return
    for what in repairs:
        click.echo(
            f"Ordered: where {what.field} differs, {what.take.other.label} is given what "
            f"{what.take.label} shows."
        )
    click.echo(
        "`syncd run` carries it out in parts, within the brake; what exceeds it is held: see "
        "`syncd status`."
    )


def _repair(text: str) -> RepairField:
    """FIELD=CRM as an order; SyncdError for what is not written so."""
    name, sign, side = text.partition("=")
    if not sign or side not in {system.value for system in System}:
        raise SyncdError(f"--apply {text}: write FIELD=salesforce or FIELD=hubspot")
    if name == STAGE:
        raise SyncdError(
            f"--apply {text}: a stage is not repaired this way, for every move of it is judged; "
            "move the record in the CRM that is wrong"
        )
    return RepairField(field=FieldName(name), take=System(side))

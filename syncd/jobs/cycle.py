"""One cycle: read both CRMs, decide, commit, deliver, tell. A function of (pair, store, now).

Killed anywhere, the next cycle finishes what this one began.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from syncd.core.alerting_ops import blind_alert
from syncd.core.context import Context
from syncd.domain.action import SendAlert
from syncd.domain.names import System
from syncd.domain.order import Health
from syncd.jobs.budget import put_down_calls
from syncd.jobs.connector import look_for_connector
from syncd.jobs.count import count_some
from syncd.jobs.deals import read_deals
from syncd.jobs.deliver import deliver
from syncd.jobs.digest import tell_week
from syncd.jobs.due import decide_due
from syncd.jobs.force import not_in_force
from syncd.jobs.identity import telling_of_another, with_known_accounts
from syncd.jobs.monthly import remind_of_review, tell_month
from syncd.jobs.orders import carry_out_orders
from syncd.jobs.pair import Pair
from syncd.jobs.parked import look_again
from syncd.jobs.read import Reading, fresh_through, read_changes
from syncd.jobs.recent import Recent
from syncd.jobs.replan import replan
from syncd.jobs.respell import follow_map
from syncd.jobs.sweep import Swept, sweep
from syncd.jobs.tally import Tally
from syncd.jobs.troubles import follow_troubles
from syncd.jobs.unpreviewed import unlooked_at

log = structlog.get_logger()

_BLIND_AFTER = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class CycleReport:
    """What a cycle came to, for logs and metrics. `swept` are leads read again whatever polling
    said; of their records, polling had `missed` changes to some and others changed in
    `silent`. `limited` counts answers that refused a call because there had been too many;
    `tally` what was judged and missed since the last report."""

    records: int
    leads: int
    due: int
    orders: int
    delivered: int
    swept: int = 0
    missed: int = 0
    silent: int = 0
    erased: int = 0
    down: dict[System, str] = field(default_factory=dict)
    limited: Mapping[System, int] = field(default_factory=dict)
    tally: Tally = field(default_factory=Tally)


def run_cycle(
    pair: Pair,
    recent: Recent,
    *,
    now: datetime,
    stopping: Callable[[], bool] = lambda: False,
    mistakes: Sequence[SendAlert] = (),
) -> CycleReport:
    """Everything there is to do at this moment. `stopping` is asked between batches; being
    asked also shows that the cycle gets on. `mistakes` are those that the configuration has
    now. WrongAccount when this is not the org or portal
    the store is of: then nothing is read and nothing written."""
    with telling_of_another(pair, recent, now=now):
        known = with_known_accounts(pair, recent, now=now)
        return _cycle(known, recent, now=now, stopping=stopping, mistakes=mistakes)


def _cycle(
    pair: Pair,
    recent: Recent,
    *,
    now: datetime,
    stopping: Callable[[], bool],
    mistakes: Sequence[SendAlert],
) -> CycleReport:
    if recent.followed is not pair.rules.crm:
        if not follow_map(pair, now=now, stopping=stopping):
            return CycleReport(records=0, leads=0, due=0, orders=0, delivered=0)
        recent.followed = pair.rules.crm
    if recent.promised is not pair.rules.policy:
        if not replan(pair, now=now, stopping=stopping):
            return CycleReport(records=0, leads=0, due=0, orders=0, delivered=0)
        recent.promised = pair.rules.policy
    if pair.meter.may_look(now) and not stopping():
        look_for_connector(pair, now=now)
    reading = read_changes(pair, recent, pair.context(now=now, fresh=None), stopping=stopping)
    ctx = pair.context(now=now, fresh=fresh_through(pair.store.sides(), pair.crms))
    mistakes = (*mistakes, *not_in_force(pair, ctx), *unlooked_at(pair, ctx))
    follow_troubles(pair, (*mistakes, *_blindness(pair, reading, ctx)), ctx)
    if recent.may_look_again(now):
        look_again(pair, recent, ctx, stopping=stopping)
    orders = carry_out_orders(pair, ctx, stopping=stopping)
    due = 0 if stopping() else decide_due(pair, ctx)
    tell_week(pair, recent, ctx)
    tell_month(pair, recent, ctx)
    remind_of_review(pair, recent, ctx)
    delivered = deliver(pair, ctx, stopping=stopping)
    swept = Swept() if stopping() else sweep(pair, recent, ctx, down=reading.down)
    read_deals(pair, recent, now=now, down=reading.down, stopping=stopping)
    count_some(pair.store, pair.rules.counted_by(), stopping=stopping)
    return CycleReport(
        records=reading.records,
        leads=reading.leads,
        due=due,
        orders=orders,
        delivered=delivered,
        swept=swept.leads,
        missed=swept.missed,
        silent=swept.silent,
        erased=swept.erased,
        down=reading.down,
        limited=put_down_calls(pair, now=now),
        tally=pair.tally.taken(),
    )


def _blindness(pair: Pair, reading: Reading, ctx: Context) -> Iterator[SendAlert]:
    """One for each spell in which a CRM could not be read for a while."""
    for system, status in pair.store.sides().items() if reading.down else ():
        if status.health is not Health.BLIND or system not in reading.down:
            continue
        since = status.read_through or ctx.enforce_from
        overlap = ctx.crm.sides[system].overlap
        if ctx.now - since - overlap >= _BLIND_AFTER:
            yield blind_alert(system, status.reason, since=since, now=ctx.now)

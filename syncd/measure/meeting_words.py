"""The monthly meeting in words: what goes to Slack, and the sentences of its page.

Words only; `meeting` counts.
"""

from collections.abc import Iterator, Sequence

from syncd.core.alert_words import stage_words
from syncd.core.value_words import counted, cut, listed
from syncd.measure.backtest_words import money, percent, with_n
from syncd.measure.ledger import Line, Says
from syncd.measure.meeting import Meeting, Topic
from syncd.measure.own_ledger import GateLedger, StoppedWinners
from syncd.measure.proposals import Proposal

_MOST = 3
NOTHING_PROPOSED = (
    "Nothing is proposed: no rule of a gate is shown to be of no use by the leads judged so far."
)


def gate_words(one: GateLedger, days: int) -> str:
    """What the ledger of a gate rests on."""
    gate = f"Gate to {stage_words(one.stage)}"
    if not one.leads:
        return (
            f"{gate}: none of {counted(one.judged, 'judged lead')} has had its "
            f"{days} days to win yet, so nothing can be said of its rules."
        )
    return (
        f"{gate}: {counted(one.leads, 'lead')} of {one.judged:,} judged have had "
        f"{days} days to win. A rule that could not be told counts as not met."
    )


def digest(found: Meeting) -> tuple[str, ...]:
    """A line for each question that has an answer, the most telling first."""
    return tuple(
        x
        for x in (
            *(_rules(one) for one in found.gates),
            _faded(found.gates),
            _stopped(found.stopped),
            *(_topic(one) for one in found.topics),
            *(f"Proposed: {proposal_words(x)}" for x in found.proposals[:_MOST]),
            "" if found.proposals else NOTHING_PROPOSED,
        )
        if x
    )


def _rules(one: GateLedger) -> str:
    """What converted, what did not, and how many cannot be told."""
    said = {says: [x for x in one.lines if x.says is says] for says in Says}
    nothing = [x.rule for x in said[Says.NOTHING]]
    few = len(said[Says.TOO_FEW])
    parts = (
        _won("more often", said[Says.PREDICTS]),
        _won("less often", said[Says.MISLEADS]),
        f"no difference seen: {listed(nothing[:_MOST], 'and')}{_more(nothing)}" if nothing else "",
        f"too few leads to say of {counted(few, 'rule')}" if few else "",
    )
    return f"Gate to {stage_words(one.stage)}: {'; '.join(x for x in parts if x)}"


def _won(how: str, lines: Sequence[Line]) -> str:
    if not lines:
        return ""
    each = (
        f"{x.rule} ({with_n(x.win_rates.met)}, else {with_n(x.win_rates.unmet)})"
        for x in lines[:_MOST]
    )
    return f"won {how} where met: {', '.join(each)}{_more(lines)}"


def _faded(gates: Sequence[GateLedger]) -> str:
    faded = [f"{x.rule} (gate to {stage_words(one.stage)})" for one in gates for x in one.faded]
    return f"No longer tell winners apart: {listed(faded, 'and')}" if faded else ""


def _stopped(stopped: Sequence[StoppedWinners]) -> str:
    month = [x for x in stopped if x.in_period]
    if not month:
        return ""
    each = (
        f"{counted(x.in_period, 'lead')} for want of {x.rule}, worth {money(x.amount)}"
        for x in month[:_MOST]
    )
    return f"Moved back, and won all the same: {'; '.join(each)}{_more(month)}"


def _topic(topic: Topic) -> str:
    """Of each table the rows of most, by its first column."""
    rows: list[str] = []
    for table in topic.tables:
        first = table.columns[0].id if table.columns else ""
        counts = {
            row.label: row.numbers[first].n
            for row in table.rows
            if first in row.numbers
            and row.numbers[first].n
            and not row.label.startswith("(")  # what nobody said
        }
        most = sorted(counts, key=lambda x: (-counts[x], x))
        rows += [f"{cut(x, 60)} {counts[x]:,}" for x in most[:_MOST]]
    return f"{topic.title}: {', '.join(rows)}" if rows else ""


def proposal_words(one: Proposal) -> str:
    more = one.now.failing.leads - one.then.failing.leads
    won = one.now.failing.won - one.then.failing.won
    effect = (
        f"of the leads judged it would have let {more:,} more through, {won:,} of them won"
        if more
        else "of the leads judged it would have let none more through"
    )
    return f"take {one.rule} out of the gate to {stage_words(one.stage)}: {one.why}; {effect}"


def backtest_rows(one: Proposal) -> Iterator[tuple[str, str, str]]:
    """The same leads, under the gate as it is and as it is proposed."""
    now, then = one.now, one.then
    yield "Stopped", f"{now.failing.leads:,}", f"{then.failing.leads:,}"
    yield "of them won", f"{now.failing.won:,}", f"{then.failing.won:,}"
    yield "worth", money(now.failing.worth), money(then.failing.worth)
    yield "Let through", f"{now.passing.leads:,}", f"{then.passing.leads:,}"
    yield "of them won", f"{now.passing.won:,}", f"{then.passing.won:,}"
    yield (
        "won, of those let through",
        percent(now.passing.win_rate.share),
        percent(then.passing.win_rate.share),
    )
    yield (
        "lost, rejected or recycled, of those let through",
        f"{now.passing.gone:,}",
        f"{then.passing.gone:,}",
    )


def _more(named: Sequence[object]) -> str:
    return f" and {len(named) - _MOST} more" if len(named) > _MOST else ""

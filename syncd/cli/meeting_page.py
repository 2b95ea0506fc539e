"""The monthly meeting as one page, in the report's style: nothing to load, no scripts."""

from collections.abc import Callable

from syncd.cli.backtest_view import LEDGER_MEANS, p_words
from syncd.cli.report_page import heading_facts, rendered
from syncd.core.alert_words import stage_words
from syncd.measure import backtest_words as words
from syncd.measure.meeting import Meeting
from syncd.measure.meeting_words import (
    NOTHING_PROPOSED,
    backtest_rows,
    digest,
    gate_words,
    proposal_words,
)
from syncd.measure.proposals import Proposal

DiffOf = Callable[[Proposal], str]
"""The change of standard.yaml that a proposal asks for, as `diff -u` has it; empty where it has
to be written by hand."""


def page(found: Meeting, diff_of: DiffOf) -> str:
    return rendered(
        "meeting.html.j2",
        found=found,
        facts=heading_facts(found.scope),
        digest=digest(found),
        ledger_means=LEDGER_MEANS,
        nothing_proposed=NOTHING_PROPOSED,
        gate_words=gate_words,
        stage_words=stage_words,
        proposal_words=proposal_words,
        backtest_rows=backtest_rows,
        diffs={(x.stage, x.rule): diff_of(x).splitlines() for x in found.proposals},
        percent=words.percent,
        with_n=words.with_n,
        points=words.points,
        points_between=words.points_between,
        money=words.money,
        p_words=p_words,
    )

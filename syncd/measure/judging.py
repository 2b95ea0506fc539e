"""Judge leads with known outcomes by columns: a standard as polars expressions.

Finds for each row what `core/judge` finds for that lead at the instant of its own move: the
result of the gate, each rule's truth, score, band and variant; no words. There are no
waivers here, and what the gate to MQL also asks of a lead that came round before is not
asked. Must not read files, and must not keep what it judged.
"""

from collections.abc import Iterator

import polars as pl

from syncd.domain.stage import Stage
from syncd.domain.standard import Standard
from syncd.domain.verdict import SCORE_RULE
from syncd.measure.column_groups import condition_truth
from syncd.measure.column_names import PASSING, rule_column
from syncd.measure.column_score import units_in
from syncd.measure.column_segments import Segment, SegmentColumns, findings, findings_in_doubt
from syncd.measure.column_tests import Schema


class Columns:
    """One gate of a standard, ready to judge frames of leads (their columns: `outcomes`).

    `segments` are in the order in which they are tried, everybody's last; `rules` are all that
    any of them looks at. A rule's column tells of every lead, also of one whose segment does
    not look at it: hold it against `Segment.asks` by the column `_segment`.
    """

    def __init__(self, standard: Standard, gate: Stage = Stage.SQL) -> None:
        """KeyError when the standard has no gate for the stage."""
        self.stage = gate
        self._standard = standard
        self.segments = tuple(
            Segment(name=x.name, applies=x.applies, gate=x.gates[gate], scoring=x.scoring)
            for x in standard.every_variant()
        )
        self.rules = tuple(dict.fromkeys(rule for x in self.segments for rule in x.looks_at))
        unit = units_in(x.scoring for x in self.segments if x.scoring)
        self._tried = tuple(
            SegmentColumns(number=n, segment=x, unit=unit) for n, x in enumerate(self.segments)
        )

    def judge(self, leads: pl.DataFrame) -> pl.DataFrame:
        """The leads with `_result`, `_score`, `_band`, `_segment`, and `!<rule>` for each of
        `rules`. Each is judged as of its own `_moved_at`. `_segment` is "unknown" where it
        cannot be told; then `!score` is null, and so are score and band if they depend on it."""
        judged = leads.with_columns(*self._truths(leads.schema))
        for one in self._tried:
            judged = one.add_to(judged)
        in_doubt = any(x.is_untold_of_any(judged) for x in self._tried)
        found = (findings_in_doubt if in_doubt else findings)(self._tried)
        return judged.with_columns(**found).select(~pl.selectors.starts_with(PASSING))

    def _truths(self, schema: Schema) -> Iterator[pl.Expr]:
        for rule in self.rules:
            if rule != SCORE_RULE:
                condition = self._standard.rules[rule].condition
                yield condition_truth(condition, schema).alias(rule_column(rule))

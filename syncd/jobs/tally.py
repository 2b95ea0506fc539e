"""What was judged and missed since it was last told, for metrics.

Counted where a batch was committed, so that what was rolled back never counts. Lives with the
pair: a restart begins at zero, which is what a counter may do.
"""

from collections import Counter
from dataclasses import dataclass, field

from syncd.commit import Commit
from syncd.domain.audit import AuditKind
from syncd.domain.stage import Stage
from syncd.domain.verdict import Result


@dataclass(slots=True)
class Tally:
    """Verdicts by gate and result; missed promises by clock."""

    verdicts: Counter[tuple[Stage, Result]] = field(default_factory=Counter)
    breaches: Counter[str] = field(default_factory=Counter)

    def add(self, work: Commit) -> None:
        """What was stored just now."""
        if work.verdicts:
            self.verdicts.update((x.gate, x.result) for x in work.verdicts)
        for entry in work.audit:
            if entry.kind is AuditKind.HANDOFF and entry.facts.get("step") == "breached":
                self.breaches[str(entry.facts["clock"])] += 1

    def taken(self) -> "Tally":
        """All of it; nothing is left."""
        told = Tally(verdicts=self.verdicts.copy(), breaches=self.breaches.copy())
        self.verdicts.clear()
        self.breaches.clear()
        return told

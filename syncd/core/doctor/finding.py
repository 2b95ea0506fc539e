"""What `doctor` says is wrong: an ailment it knows, found somewhere.

Ids and severities are API: programs act on them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """An error keeps syncd from doing what the configuration asks; a warning makes it do less,
    or will one day; a note is worth knowing."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


EXIT_CODES = {Severity.ERROR: 1, Severity.WARNING: 4, Severity.NOTE: 0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """`what` is wrong, `where`, `why` it matters, and the `fix`: what to click or to write."""

    id: str
    severity: Severity
    what: str
    where: str
    why: str
    fix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ailment:
    """One kind of trouble; `why` it matters. `fix` has {names} that a finding fills in."""

    id: str
    severity: Severity
    why: str
    fix: str

    def found(self, what: str, where: str, **names: str) -> Finding:
        return Finding(
            id=self.id,
            severity=self.severity,
            what=what,
            where=where,
            why=self.why,
            fix=self.fix.format_map(names),
        )


def exit_code(findings: Sequence[Finding]) -> int:
    """That of the worst."""
    found = {finding.severity for finding in findings}
    worst = next((severity for severity in Severity if severity in found), Severity.NOTE)
    return EXIT_CODES[worst]

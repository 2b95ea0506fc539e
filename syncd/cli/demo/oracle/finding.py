"""What the audit holds against the daemon."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """`check` names the promise, `lead` the Salesforce id, `at` when it went wrong."""

    check: str
    lead: str
    at: datetime
    expected: str
    got: str

    def __str__(self) -> str:
        where = f"{self.at:%a %H:%M:%S} {self.lead} [{self.check}]"
        return f"{where} expected {self.expected}; got {self.got}"

"""What a checksum in policy.yaml says of a preview that somebody looked at."""

from dataclasses import dataclass

from syncd.domain.stage import Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Previewed:
    """`meaning` is that of the gate when it was looked at, `shown` of what was then shown."""

    gate: Stage
    meaning: str
    shown: str

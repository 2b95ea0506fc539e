"""The portal's workflows. They are told of, not run: what they would do is scripted where the
story is (`World.automation`)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """`criteria` are its conditions for enrolment."""

    id: int
    name: str
    enabled: bool = True
    object_type: str = "0-1"
    criteria: Mapping[str, Any] = field(default_factory=dict)

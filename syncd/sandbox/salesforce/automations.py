"""The org's automations as its set-up tells of them: flows, workflow rules, triggers.

They are told, not run: what they would do is scripted where the story is (`World.automation`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """By the name of the Tooling API's object."""

    FLOW = "Flow"
    WORKFLOW_RULE = "WorkflowRule"
    TRIGGER = "ApexTrigger"


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """One automation; `metadata` is its definition as the Metadata API has it."""

    kind: Kind
    name: str
    object: str = "Lead"
    active: bool = True
    metadata: Mapping[str, Any] | None = None

"""Automations a CRM runs by itself when a record is saved, as far as syncd may see them."""

from dataclasses import dataclass
from enum import StrEnum


class AutomationKind(StrEnum):
    FLOW = "flow"
    WORKFLOW_RULE = "workflow rule"
    VALIDATION_RULE = "validation rule"
    TRIGGER = "trigger"
    WORKFLOW = "workflow"


@dataclass(frozen=True, slots=True, kw_only=True)
class Automation:
    """`fields` are the properties its conditions name, as the vendor spells them; empty where
    any change of a record wakes it, or it cannot be told which."""

    kind: AutomationKind
    name: str
    fields: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Automations:
    """`unseen` says what could not be looked at, and why."""

    found: tuple[Automation, ...]
    unseen: tuple[str, ...] = ()

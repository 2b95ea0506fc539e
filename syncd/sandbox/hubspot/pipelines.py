"""Pipelines and their stages, as ordinary data of the portal."""

from dataclasses import dataclass

from syncd.sandbox.hubspot.default_properties import LIFECYCLE
from syncd.sandbox.hubspot.kinds import CONTACT, DEAL, LEAD, Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """`metadata` values are strings, `"false"` included."""

    id: str
    label: str
    metadata: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    id: str
    label: str
    stages: tuple[Stage, ...]


_DEAL_STAGES = (
    ("appointmentscheduled", "Appointment Scheduled", "0.2"),
    ("qualifiedtobuy", "Qualified To Buy", "0.4"),
    ("presentationscheduled", "Presentation Scheduled", "0.6"),
    ("decisionmakerboughtin", "Decision Maker Bought-In", "0.8"),
    ("contractsent", "Contract Sent", "0.9"),
    ("closedwon", "Closed Won", "1.0"),
    ("closedlost", "Closed Lost", "0.0"),
)
_LEAD_STAGES = ("new", "attempting", "connected", "qualified", "unqualified")


def default_pipelines() -> dict[Kind, list[Pipeline]]:
    return {CONTACT: [_lifecycle()], DEAL: [_sales()], LEAD: [_leads()]}


def _lifecycle() -> Pipeline:
    return Pipeline(
        id="contacts-lifecycle-pipeline",
        label="Lifecycle Stage Pipeline",
        stages=tuple(_open_or_closed(name, label, name == "other") for name, label in LIFECYCLE),
    )


def _sales() -> Pipeline:
    return Pipeline(
        id="default",
        label="Sales Pipeline",
        stages=tuple(
            Stage(id=name, label=label, metadata=_odds(name, odds))
            for name, label, odds in _DEAL_STAGES
        ),
    )


def _leads() -> Pipeline:
    return Pipeline(
        id="lead-pipeline-id",
        label="Lead Pipeline",
        stages=tuple(
            _open_or_closed(f"{name}-stage-id", name.capitalize(), name.endswith("qualified"))
            for name in _LEAD_STAGES
        ),
    )


def _open_or_closed(name: str, label: str, closed: bool) -> Stage:
    state = {"isClosed": str(closed).lower(), "state": "CLOSED" if closed else "OPEN"}
    return Stage(id=name, label=label, metadata=state)


def _odds(name: str, odds: str) -> dict[str, str]:
    return {"isClosed": str(name.startswith("closed")).lower(), "probability": odds}

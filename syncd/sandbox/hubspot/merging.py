"""What becomes of two contacts' values when they are merged. Pure."""

from collections.abc import Mapping, Sequence

from syncd.sandbox.hubspot.lifecycle import STAGE, furthest
from syncd.sandbox.hubspot.properties import Option, Property


def merged_values(
    winner: Mapping[str, str],
    loser: Mapping[str, str],
    *,
    properties: Mapping[str, Property],
    stages: Sequence[Option],
) -> dict[str, str]:
    """The winner's values, its blanks filled by the loser, the further stage, both addresses."""
    values = {
        name: value
        for name, value in {**loser, **winner}.items()
        if name in properties and not properties[name].read_only
    }
    stage = furthest(stages, [winner.get(STAGE, ""), loser.get(STAGE, "")])
    joined = {
        STAGE: stage,
        "hs_additional_emails": _joined(
            winner.get("hs_additional_emails"),
            loser.get("email"),
            loser.get("hs_additional_emails"),
        ),
        "hs_merged_object_ids": _joined(
            winner.get("hs_merged_object_ids"),
            loser.get("hs_merged_object_ids"),
            loser["hs_object_id"],
        ),
    }
    return {**values, **{name: text for name, text in joined.items() if text}}


def _joined(*parts: str | None) -> str:
    every = [item for part in parts if part for item in part.split(";")]
    return ";".join(dict.fromkeys(every))

"""Rules and clues of the audit as the reasons people read. Wording only."""

_CLASH = "conflict: "
_REPAIR = "repair: "
_CHOOSE = "neither is written until a person chooses"
_WHY = {
    "propagate": "the stage travels to every side of the lead",
    "refused move": "the move was refused",
    "recycle": "the lead was recycled",
    "rejected": "sales rejected the lead",
    "accepted by sales": "sales accepted the lead",
    "reassign": "nobody acted in time, and it was passed on",
    "joins the lead": "a new record of a known lead starts where the lead stands",
    "a person resolved the conflict": "a person resolved the conflict",
    "carried on": "it was on its way to the record this one carries on for",
}


def why_written(rule: str) -> str:
    """Why syncd wrote a value."""
    if rule in _WHY:
        return f"because {_WHY[rule]}"
    if rule.startswith("changed in "):
        return f"because it {rule}"
    if rule.startswith(_CLASH):
        return f"because both CRMs changed it, and the rule is {rule.removeprefix(_CLASH)}"
    if rule.startswith(_REPAIR):
        return f"because a repair was ordered: {rule.removeprefix(_REPAIR)}"
    return f"by the rule {rule}"


def how_decided(rule: str) -> str:
    """What became of two edits that contradict each other."""
    how = rule.removeprefix(_CLASH)
    if how == "ask":
        return _CHOOSE
    if " a tie " in how:
        return f"both were edited in the same second: {_CHOOSE}"
    return f"decided by the rule {how}" if rule.startswith(_CLASH) else how


def why_linked(why: str) -> str:
    """A clue is a thing, an identity found out later a sentence."""
    return f"because of {why}" if why.startswith(("the ", "a ")) else f"because {why}"

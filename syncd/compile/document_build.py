"""Make the readable standard of a standard, its policy and the field map."""

from datetime import date, datetime

from syncd.compile.document import Document, Seal, Seals, Section, Text
from syncd.compile.document_policy import (
    below_section,
    modes_section,
    promises_section,
    waiver_section,
)
from syncd.compile.document_rules import (
    gates_section,
    rejections_section,
    rules_section,
    variants_section,
)
from syncd.compile.document_score import score_section
from syncd.core.signing import reasons_not_in_force
from syncd.core.standard_digest import digest_of, short
from syncd.core.value_words import counted, plain
from syncd.domain.mapping import CrmMap
from syncd.domain.policy import Policy
from syncd.domain.standard import TEAMS, Standard

_PREAMBLE = (
    "This is what “qualified” means here. Marketing and sales wrote it together and put their "
    "names under it, and both are held to it: marketing before a lead is offered to sales, sales "
    "before it takes a lead further. syncd watches over it in Salesforce and in HubSpot alike."
)


def document_of(standard: Standard, policy: Policy, crm: CrmMap, *, now: datetime) -> Document:
    """All there is to read before signing; first what is signed, then what is not."""
    reasons = reasons_not_in_force(standard, today=now.date())
    sections = (
        gates_section(standard),
        rules_section(standard, crm),
        score_section(standard, now),
        variants_section(standard),
        rejections_section(standard),
        _signatures(standard),
        modes_section(standard, policy),
        below_section(standard, policy),
        promises_section(policy),
        waiver_section(policy),
    )
    return Document(
        title="The standard",
        preamble=_PREAMBLE,
        state="Not in force" if reasons else "In force",
        reasons=tuple(f"{x[0].upper()}{x[1:]}." for x in reasons),
        facts=_facts(standard, now.date()),
        sections=tuple(x for x in sections if x is not None),
    )


def _facts(standard: Standard, today: date) -> tuple[tuple[str, str], ...]:
    left = (standard.review_by - today).days
    when = f"in {counted(left, 'day')}" if left >= 0 else f"{counted(-left, 'day')} ago"
    return (
        ("Version", standard.version),
        ("Digest", short(digest_of(standard))),
        ("To be reviewed by", f"{plain(standard.review_by)} ({when})"),
        ("Requirements", str(len(standard.rules))),
    )


def _signatures(standard: Standard) -> Section:
    intro = Text(
        "Whoever signs agrees to all that stands above, word for word and number for number. "
        "Any change of it makes the signatures void; until both teams have signed again, no "
        "gate moves a lead back. What follows below them is policy, and may change without them."
    )
    seals = Seals(seals=tuple(_seal(team, standard) for team in TEAMS), digest=digest_of(standard))
    return Section(anchor="signatures", title="Signatures", blocks=(intro, seals))


def _seal(team: str, standard: Standard) -> Seal:
    found = next((x for x in standard.signatures if x.team == team), None)
    void = next((x for x in standard.void if x.team == team), None)
    if given := found or void:
        on = f"{plain(given.on.date())}, {given.on:%H:%M} UTC"
        state = (
            "signed"
            if found
            else "void: for another content"
            if given.digest
            else "void: no digest"
        )
        return Seal(team=team, name=given.name, on=on, state=state, is_valid=found is not None)
    return Seal(
        team=team,
        name="",
        on="",
        state=f"not signed: syncd standard sign --as {team}",
        is_valid=False,
    )

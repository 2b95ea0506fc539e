"""Whether the standard is in force: signed by both teams as it stands, and not past its review.

A signature counts for one content alone. Words and truth only: what follows from it, the
mode of a gate, is `Context`'s.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from syncd.core.standard_digest import digest_of, short
from syncd.core.value_words import listed, plain
from syncd.domain.standard import TEAMS, Signature, Standard


def with_signatures(standard: Standard, given: Iterable[Signature]) -> Standard:
    """The standard with these put under it: those to its own content count, the rest is void."""
    digest = digest_of(standard)
    signatures = tuple(given)
    return replace(
        standard,
        signatures=tuple(x for x in signatures if x.digest == digest),
        void=tuple(x for x in signatures if x.digest != digest),
    )


def reasons_not_in_force(standard: Standard, *, today: date) -> tuple[str, ...]:
    """In words, each by itself; none while it is in force."""
    signed = {x.team for x in standard.signatures}
    void = tuple(_void_words(x) for x in standard.void if x.team not in signed)
    silent = [x for x in TEAMS if x not in signed | {y.team for y in standard.void}]
    unsigned = (f"it is not signed by {listed(silent, 'and')}",) if silent else ()
    overdue = (
        (f"it was to be reviewed by {plain(standard.review_by)}",)
        if today > standard.review_by
        else ()
    )
    return (*void, *unsigned, *overdue)


def _void_words(signature: Signature) -> str:
    who = f"{signature.name} signed for {signature.team} on {plain(signature.on.date())}"
    if not signature.digest:
        return f"{who} without saying what: the signature has no digest"
    return f"{who} for another content ({short(signature.digest)}): it changed since"

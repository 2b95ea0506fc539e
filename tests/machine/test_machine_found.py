"""Scripts by which the machine once found a bug, cut down to what it takes."""

from collections.abc import Mapping, Sequence

import pytest
from deeds_life import Convert, Delete, Erase, MergeContacts, MergeConverted
from deeds_people import Arrive, Edit, EditBoth, Move, MoveEmail
from deeds_world import Cycle, Lock, Storm, Wait
from hands import Deed, Value
from model_map import HS, SF
from play import play
from streets import Streets

FOUND: Mapping[str, Sequence[Deed]] = {
    "the loser of merged Salesforce contacts counted as alive": (
        Arrive(),
        Arrive(),
        Cycle(),
        Convert(who=0),
        Convert(who=1),
        Cycle(),
        MergeConverted(who=0, other=1),
        Cycle(),
    ),
    "two leads held one record, and every cycle failed": (
        Arrive(),
        Arrive(),
        Cycle(),
        Convert(who=1),
        Delete(who=1, side=SF),
        Cycle(),
        Convert(who=0),
        MergeConverted(who=0, other=1),
        Cycle(),
    ),
    "the loser of a conflict overwrote a winner that did not fit": (
        Arrive(),
        Cycle(),
        Edit(who=0, side=HS, field="company", value=Value.LONG),
        Edit(who=0, side=SF, field="company"),
        Cycle(),
        Edit(who=0, side=SF, field="title"),
        Cycle(),
    ),
    "and likewise where an account's name cannot be written": (
        Arrive(),
        Cycle(),
        EditBoth(who=0, field="company", first=HS, apart=0),
        Convert(who=0, deal=True),
        Cycle(),
    ),
    "a record's birth was taken for a move away from what syncd wrote": (
        Arrive(),
        Cycle(),
        Move(who=0, side=SF, stage="mql"),
        Cycle(),
        Cycle(),
        Cycle(),
    ),
    "what a write replaced was told nowhere once its answer was lost and the next one came": (
        Arrive(),
        Cycle(),
        Storm(kind="lost write to hubspot"),
        Edit(who=0, side=SF, field="country"),
        Cycle(),
        Edit(who=0, side=SF, field="country"),
        Cycle(),
    ),
    "what a write replaced was told nowhere once its answer and then the record were lost": (
        Arrive(),
        Cycle(),
        Storm(kind="lost write to salesforce", times=3),
        Edit(who=0, side=HS, field="employees"),
        Cycle(after=150),
        Delete(who=0, side=SF),
        Cycle(),
    ),
    "nor was it where a person was the next one": (
        Arrive(),
        Cycle(),
        Storm(kind="lost write to hubspot"),
        Edit(who=0, side=SF, field="country"),
        Cycle(),
        Edit(who=0, side=HS, field="country"),
        Cycle(),
    ),
    "a note was written to a record that had just been found to be gone": (
        Arrive(),
        Move(who=0, side=HS, stage="sql"),
        Cycle(),
        Erase(who=0),
    ),
    "somebody erased came back as the contact their lead was converted to": (
        Arrive(),
        *[Cycle()] * 4,
        Erase(who=0),
        *[Cycle(after=7200)] * 14,
        Convert(who=0, deal=True),
        *[Cycle()] * 6,
    ),
    "people whose contacts were merged stayed when the heir was erased before it was anybody's": (
        Arrive(),
        Arrive(),
        *[Cycle()] * 4,
        MergeContacts(who=0, other=1, anew=True),
        *[Cycle()] * 4,
        Erase(who=0),
    ),
    "an edit that was taken back before anybody looked was taken for one that lost": (
        Arrive(),
        Cycle(),
        Edit(who=0, side=HS, field="employees"),
        Edit(who=0, side=SF, field="employees"),
        Edit(who=0, side=SF, field="employees", value=Value.BACK),
        Cycle(),
    ),
    "a conflict with what was entered just before two contacts were merged went unexcused": (
        Arrive(),
        Arrive(),
        Cycle(),
        EditBoth(who=0, field="country", first=HS, apart=0),
        MergeContacts(who=0, other=1, anew=True),
        Edit(who=0, side=SF, field="country"),
    ),
    "somebody who took over the address of a deleted lead was linked with its contact": (
        Arrive(),
        Cycle(),
        Arrive(),
        Delete(who=0, side=SF),
        Wait(seconds=60),
        MoveEmail(who=0, other=1),
    ),
    "a record that is not made while a person has to decide was taken for unrest": (
        Arrive(where="salesforce"),
        Lock(who=0),
        Arrive(where="salesforce"),
        MoveEmail(who=0, other=1),
        *[Cycle()] * 3,
        Convert(who=0),
    ),
}


@pytest.mark.parametrize("name", FOUND)
def test_what_was_found_is_mended(name: str, streets: Streets) -> None:
    words = play(streets, FOUND[name])

    assert words == []

"""The same story, read in other pages, in another order and with the worker started anew again
and again: the end and the log of moves are the same. Nothing random happens to requests here,
for which of them it would strike is not part of the story.
"""

import pytest
from deeds_life import Convert, Delete, MergeContacts, MergeLeads, Undelete
from deeds_people import STAGES, Arrive, Connector, Edit, EditBoth, Move, Touch
from deeds_world import Cycle, Restart
from hands import Deed, Value
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from model_map import BY_NAME, HS, SF
from play import outcome
from streets import Streets
from watched import Deal

_who, _side = st.integers(0, 3), st.sampled_from([SF, HS])
_field, _stage = st.sampled_from(sorted(BY_NAME)), st.sampled_from(STAGES)
_deeds: st.SearchStrategy[Deed] = st.one_of(
    st.builds(Cycle, after=st.sampled_from([20, 60, 200])),
    st.builds(Cycle, after=st.sampled_from([20, 60, 200])),
    st.builds(Arrive, where=st.sampled_from(["both", "salesforce", "hubspot"])),
    st.builds(Edit, who=_who, side=_side, field=_field, value=st.sampled_from(Value)),
    st.builds(EditBoth, who=_who, field=_field, first=_side, apart=st.sampled_from([1, 90])),
    st.builds(Move, who=_who, side=_side, stage=_stage),
    st.builds(Convert, who=_who, deal=st.booleans()),
    st.builds(MergeLeads, who=_who, other=_who),
    st.builds(MergeContacts, who=_who, other=_who, anew=st.booleans()),
    st.builds(Delete, who=_who, side=_side),
    st.builds(Undelete, who=_who, side=_side),
    st.builds(Touch, who=_who, side=_side),
    st.builds(Connector, who=_who, field=_field),
)
_scripts = st.lists(_deeds, min_size=5, max_size=40).map(
    lambda deeds: seen_at_first([Arrive(), Arrive(), *deeds])
)
_short = settings(max_examples=2, deadline=None, suppress_health_check=list(HealthCheck))
_long = settings(_short, max_examples=100)


def tell_it_again(streets: Streets, script: list[Deed]) -> None:
    told = outcome(streets, script)

    assert outcome(streets, script, deal=Deal(size=1)) == told
    assert outcome(streets, script, deal=Deal(size=2, reverse=True)) == told
    assert outcome(streets, restarted(script)) == told


def seen_at_first(script: list[Deed]) -> list[Deed]:
    """The script with a look at everybody who arrives before anything else happens to them."""
    told: list[Deed] = []
    for deed in script:
        told += [deed, Cycle()] if isinstance(deed, Arrive) else [deed]
    return told


def restarted(script: list[Deed]) -> list[Deed]:
    """The script with a new worker for each cycle."""
    told: list[Deed] = []
    for deed in script:
        told += [Restart(), deed] if isinstance(deed, Cycle) else [deed]
    return told


@_short
@given(script=_scripts)
def test_pages_order_and_restarts_change_nothing(streets: Streets, script: list[Deed]) -> None:
    tell_it_again(streets, script)


@pytest.mark.slow
@_long
@given(script=_scripts)
def test_pages_order_and_restarts_change_nothing_in_many_stories(
    streets: Streets, script: list[Deed]
) -> None:
    tell_it_again(streets, script)

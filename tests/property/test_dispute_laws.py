"""Laws of a field whose rule is to ask: no value is lost, and people who choose find peace."""

from dataclasses import replace

from core_cases import NOW
from decide_cases import (
    HUBSPOT,
    MINUTE,
    SALESFORCE,
    TITLE,
    context,
    delivered,
    is_quiet,
    known,
    look,
    shows,
    writes,
)
from hypothesis import event, given
from hypothesis import strategies as st

from syncd.core.disputes import mark_of, resolve
from syncd.domain.action import SendAlert, WriteRecord
from syncd.domain.decision import Decision
from syncd.domain.lead import Lead
from syncd.domain.names import ActionKey, System
from syncd.domain.order import ResolveDispute

systems = st.sampled_from(list(System))
values = st.sampled_from(["CEO", "COO", "CTO"])
edits = st.lists(st.tuples(systems, values), min_size=1, max_size=3)
lives = st.lists(edits, max_size=8)
"""Between two reads, people edit either side once or several times."""


def lived(life: list[list[tuple[System, str]]]) -> list[Decision]:
    """Every read of such a life; writes land at once."""
    lead, past = known(title="CFO"), []
    for minute, between in enumerate(life, 1):
        now = NOW + minute * MINUTE
        last = dict(between)
        seen = [shows(lead, system, at=now, title=value) for system, value in last.items()]
        decision = look(lead, *seen, now=now)
        past.append(decision)
        lead = delivered(decision, at=now)
    return past


def shown(lead: Lead) -> dict[System, object]:
    return {system: side.seen.values[TITLE] for system, side in lead.sides.items()}


@given(life=lives)
def test_a_field_in_dispute_is_never_written_and_the_dispute_holds_what_is_shown(
    life: list[list[tuple[System, str]]],
) -> None:
    for decision in lived(life):
        dispute = decision.lead.disputes.get(TITLE)
        event(f"in dispute: {dispute is not None}")
        if dispute is not None:
            assert TITLE not in {**writes(decision, SALESFORCE), **writes(decision, HUBSPOT)}
            assert dispute.values == shown(decision.lead)
            assert len(set(dispute.values.values())) > 1


@given(life=lives)
def test_a_dispute_is_told_once_however_long_it_lasts(
    life: list[list[tuple[System, str]]],
) -> None:
    told: list[ActionKey] = []
    opened, before = 0, False
    for decision in lived(life):
        told += [x.key for x in decision.actions if isinstance(x, SendAlert)]
        is_open = TITLE in decision.lead.disputes
        opened += is_open and not before
        before = is_open
    assert len(told) == len(set(told)) == opened


@given(life=lives, take=systems)
def test_whoever_chooses_gets_that_value_on_both_sides_and_then_there_is_quiet(
    life: list[list[tuple[System, str]]], take: System
) -> None:
    past = lived([[(SALESFORCE, "CEO"), (HUBSPOT, "COO")], *life])
    lead = past[-1].lead
    dispute = lead.disputes.get(TITLE)
    if dispute is None:
        return
    chosen = dispute.values[take]
    what = ResolveDispute(lead_id=lead.id, field=TITLE, take=take, shown=mark_of(dispute))

    draft = resolve(lead, what, context(NOW + 60 * MINUTE), by="Olga")

    (action,) = (x for x in draft.actions if isinstance(x, WriteRecord))
    settled = delivered(replace(past[-1], lead=draft.lead, actions=(action,)), at=NOW + 61 * MINUTE)
    assert shown(settled) == dict.fromkeys(System, chosen)
    assert is_quiet(look(settled, now=NOW + 62 * MINUTE))

"""Which lead a record belongs to; whatever is in doubt is left to a person."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from syncd.core.match import Ambiguous, Clues, Joins, Known, Match, New, Unite, match
from syncd.domain.handoff import Handoff, HandoffState
from syncd.domain.lead import Lead, Move, Side
from syncd.domain.names import HandoffId, LeadId, RecordId, System, TransitionId
from syncd.domain.record import Snapshot
from syncd.domain.stage import SOMEBODY, Stage

T0 = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
HUBSPOT, SALESFORCE = System.HUBSPOT, System.SALESFORCE
A, B, C = LeadId("ld_a"), LeadId("ld_b"), LeadId("ld_c")


def snapshot(
    record_id: str = "51",
    *,
    system: System = HUBSPOT,
    deleted: bool = False,
    merged_into: str | None = None,
    former: Iterable[str] = (),
) -> Snapshot:
    return Snapshot(
        system=system,
        record_id=RecordId(record_id),
        kind="contact",
        created_at=T0,
        modified_at=T0,
        values={},
        deleted=deleted,
        merged_into=RecordId(merged_into) if merged_into else None,
        former=tuple(map(RecordId, former)),
    )


def side(system: System, record_id: str, gone: str | None = None) -> Side:
    return Side(
        system=system,
        record_id=RecordId(record_id),
        seen=snapshot(record_id, system=system),
        baseline={},
        stage_since=T0,
        gone=gone,
    )


def lead(lead_id: LeadId, *sides: Side, days: int = 0) -> Lead:
    return Lead(
        id=lead_id,
        cycle=1,
        stage=Stage.LEAD,
        first_seen_at=T0 + timedelta(days=days),
        sides={x.system: x for x in sides},
    )


def in_hubspot(lead_id: LeadId, record_id: str = "51", days: int = 0) -> Lead:
    return lead(lead_id, side(HUBSPOT, record_id), days=days)


def in_salesforce(lead_id: LeadId, record_id: str = "00Q1", days: int = 0) -> Lead:
    return lead(lead_id, side(SALESFORCE, record_id), days=days)


def in_both(lead_id: LeadId, hubspot: str = "51", salesforce: str = "00Q1") -> Lead:
    return lead(lead_id, side(HUBSPOT, hubspot), side(SALESFORCE, salesforce))


def matched(
    leads: Iterable[Lead] = (),
    *,
    record: Snapshot | None = None,
    stored: LeadId | None = None,
    by_other: LeadId | None = None,
    by_external: LeadId | None = None,
    by_former: Iterable[LeadId] = (),
    by_email: Iterable[LeadId] = (),
) -> Match:
    """A HubSpot record, unless another is given, with what its clues point at."""
    return match(
        record or snapshot(),
        Clues(
            stored=stored,
            by_former=frozenset(by_former),
            by_external=by_external,
            by_other=by_other,
            by_email=frozenset(by_email),
        ),
        {x.id: x for x in leads},
    )


def test_a_stored_link_holds() -> None:
    assert matched([in_both(A)], stored=A) == Known(A)


def test_a_stored_link_outweighs_an_email_that_others_have_too() -> None:
    assert matched([in_both(A), in_salesforce(B)], stored=A, by_email=[B]) == Known(A)


def test_clues_that_agree_with_the_stored_link_change_nothing() -> None:
    assert matched([in_both(A)], stored=A, by_other=A, by_external=A) == Known(A)


def test_nothing_points_anywhere_for_a_new_record() -> None:
    assert matched() == New()


def test_a_clue_to_a_lead_that_was_erased_is_no_clue() -> None:
    assert matched(stored=A, by_other=B, by_external=C, by_email=[A]) == New()


def test_a_deleted_record_joins_nobody() -> None:
    record = snapshot(deleted=True)
    assert matched([in_salesforce(A)], record=record, by_email=[A]) == New()


def test_a_deleted_record_is_still_known() -> None:
    assert matched([in_both(A)], record=snapshot(deleted=True), stored=A) == Known(A)


def test_the_connectors_id_joins() -> None:
    assert matched([in_salesforce(A)], by_other=A) == Joins(
        lead_id=A, why="the connector's id property"
    )


def test_the_syncd_id_joins() -> None:
    assert matched([in_salesforce(A)], by_external=A) == Joins(lead_id=A, why="the syncd id")


def test_the_email_joins() -> None:
    assert matched([in_salesforce(A)], by_email=[A]) == Joins(lead_id=A, why="the email address")


def test_clues_that_agree_join_together() -> None:
    assert matched([in_salesforce(A)], by_other=A, by_external=A, by_email=[A]) == Joins(
        lead_id=A, why="the syncd id and the connector's id property"
    )


def test_an_id_chooses_among_several_leads_of_one_email() -> None:
    leads = [in_salesforce(A), in_salesforce(B, "00Q2")]
    assert matched(leads, by_other=B, by_email=[A, B]) == Joins(
        lead_id=B, why="the connector's id property"
    )


def test_an_id_of_a_record_not_read_yet_is_not_outvoted_by_the_email() -> None:
    clues = Clues(by_email=frozenset({A}), names_unread=True)
    found = match(snapshot(), clues, {A: in_salesforce(A)})
    assert isinstance(found, Ambiguous)
    assert found.candidates == (A,)


def test_an_id_of_a_record_not_read_yet_alone_makes_a_new_lead() -> None:
    assert match(snapshot(), Clues(names_unread=True), {}) == New()


def test_several_leads_by_email_are_ambiguous() -> None:
    leads = [in_salesforce(B), in_salesforce(A, "00Q2")]
    assert matched(leads, by_email=[B, A]) == Ambiguous(
        candidates=(A, B), why="by the email address it could be any of several leads"
    )


def test_two_old_ids_of_one_united_lead_are_one_lead() -> None:
    united = in_salesforce(A)
    found = match(snapshot(), Clues(by_email=frozenset({A, B})), {A: united, B: united})
    assert found == Joins(lead_id=A, why="the email address")


def test_ids_that_disagree_are_ambiguous() -> None:
    leads = [in_salesforce(A), in_salesforce(B, "00Q2")]
    assert matched(leads, by_other=A, by_external=B) == Ambiguous(
        candidates=(A, B),
        why="by the syncd id and the connector's id property it could be any of several leads",
    )


def test_an_id_that_disagrees_with_the_email_is_ambiguous() -> None:
    leads = [in_salesforce(A), in_salesforce(B, "00Q2")]
    assert matched(leads, by_external=A, by_email=[B]) == Ambiguous(
        candidates=(A, B), why="by the syncd id it is another lead than by the email address"
    )


@pytest.mark.parametrize("clue", ["by_other", "by_external"])
def test_a_lead_that_has_a_record_here_is_never_joined_by_id(clue: str) -> None:
    ids: dict[str, LeadId] = {clue: A}
    clues = Clues(by_other=ids.get("by_other"), by_external=ids.get("by_external"))
    found = match(snapshot(), clues, {A: in_both(A, hubspot="52")})
    assert isinstance(found, Ambiguous)
    assert found.why.endswith("it is a lead that already has a record in HubSpot")


def test_a_lead_that_has_a_record_here_is_never_joined_by_email() -> None:
    assert isinstance(matched([in_hubspot(A, "52")], by_email=[A]), Ambiguous)


def test_a_lead_whose_record_here_is_gone_may_be_joined() -> None:
    left = lead(A, side(HUBSPOT, "52", gone="deleted"), side(SALESFORCE, "00Q1"))
    assert isinstance(matched([left], by_email=[A]), Joins)


@pytest.mark.parametrize(("days", "keep", "drop"), [(1, A, B), (-1, B, A), (0, A, B)])
def test_two_single_leads_that_an_id_names_as_one_are_united_under_the_older(
    days: int, keep: LeadId, drop: LeadId
) -> None:
    leads = [in_hubspot(A), in_salesforce(B, days=days)]
    assert matched(leads, stored=A, by_other=B, by_external=A) == Unite(
        keep=keep, drop=drop, why="by the connector's id property they are one person"
    )


def test_the_syncd_id_unites_as_well() -> None:
    assert isinstance(matched([in_hubspot(A), in_salesforce(B)], stored=A, by_external=B), Unite)


def test_a_linked_record_that_an_id_gives_to_another_lead_is_ambiguous() -> None:
    leads = [in_both(A), in_salesforce(B, "00Q2")]
    assert matched(leads, stored=A, by_other=B) == Ambiguous(
        candidates=(A, B), why="by the connector's id property it belongs to another lead"
    )


def test_a_single_record_that_an_id_gives_to_a_linked_lead_is_ambiguous() -> None:
    leads = [in_hubspot(A), in_both(B, hubspot="52")]
    assert isinstance(matched(leads, stored=A, by_other=B), Ambiguous)


def test_ids_that_give_a_stored_record_to_two_others_are_ambiguous() -> None:
    leads = [in_hubspot(A), in_salesforce(B), in_salesforce(C, "00Q2")]
    assert matched(leads, stored=A, by_other=B, by_external=C) == Ambiguous(
        candidates=(A, B, C),
        why="by the syncd id and the connector's id property it belongs to two other leads",
    )


def handed_over(owner: Lead, state: HandoffState) -> Lead:
    handoff = Handoff(
        id=HandoffId("ho_1"),
        lead_id=owner.id,
        cycle=1,
        state=state,
        transition=TransitionId("tr_1"),
        segment="everybody",
        opened_at=T0,
        owner=None,
    )
    return replace(owner, handoff=handoff)


def moving(owner: Lead) -> Lead:
    move = Move(
        transition=TransitionId("tr_1"),
        sides=(HUBSPOT,),
        from_stage=Stage.LEAD,
        to_stage=Stage.MQL,
        at=T0,
        seen_at=T0,
        grace_ends=T0,
        actor=SOMEBODY,
    )
    return replace(owner, move=move)


@pytest.mark.parametrize(
    "leads",
    [
        [moving(in_hubspot(A)), in_salesforce(B)],
        [in_hubspot(A), moving(in_salesforce(B))],
        [handed_over(in_hubspot(A), HandoffState.OPENED), in_salesforce(B)],
        [in_hubspot(A), handed_over(in_salesforce(B), HandoffState.OPENED)],
    ],
)
def test_leads_with_something_under_way_are_not_united(leads: list[Lead]) -> None:
    found = matched(leads, stored=A, by_other=B)
    assert isinstance(found, Ambiguous)
    assert found.why.endswith("has a handoff or a move open")


@pytest.mark.parametrize("working", [A, B])
def test_a_lead_that_sales_works_keeps_its_name_when_it_is_united(working: LeadId) -> None:
    leads = [in_hubspot(A), in_salesforce(B)]
    leads = [handed_over(x, HandoffState.ACCEPTED) if x.id == working else x for x in leads]

    found = matched(leads, stored=A, by_other=B)

    assert isinstance(found, Unite)
    assert found.keep == working


MERGED = snapshot("51", deleted=True, merged_into="52")


def test_a_merged_record_nobody_knew_is_the_winners() -> None:
    assert matched([in_hubspot(B, "52")], record=MERGED) == Known(B)


def test_a_merged_record_whose_winner_nobody_knows_stays_with_its_lead() -> None:
    assert matched([in_both(A)], record=MERGED, stored=A) == Known(A)


def test_a_merged_record_of_which_nobody_knows_anything_is_new() -> None:
    assert matched(record=MERGED) == New()


def test_a_merged_record_of_the_winners_own_lead_stays_there() -> None:
    assert matched([in_hubspot(B, "52")], record=MERGED, stored=B) == Known(B)


def test_a_merge_unites_the_leads_where_one_partner_is_left() -> None:
    assert matched([in_both(A), in_hubspot(B, "52", days=1)], record=MERGED, stored=A) == Unite(
        keep=A, drop=B, why="their records were merged in HubSpot"
    )


def test_a_merge_of_two_linked_records_leaves_each_lead_its_partner() -> None:
    leads = [in_both(A), in_both(B, "52", "00Q2")]
    assert matched(leads, record=MERGED, stored=A) == Known(A)


def test_a_merge_waits_for_what_is_under_way() -> None:
    leads = [moving(in_both(A)), in_hubspot(B, "52")]
    assert isinstance(matched(leads, record=MERGED, stored=A), Ambiguous)


# --- records that carry on for others ----------------------------------------------------

CONTACT = snapshot("003A", system=SALESFORCE, former=["00Q1"])
WINNER = snapshot("52", former=["51"])


def test_a_converted_lead_goes_on_as_its_contact() -> None:
    assert matched([in_both(A)], record=CONTACT, by_former=[A]) == Known(A)


def test_two_leads_converted_into_one_contact_become_one_lead() -> None:
    leads = [in_both(A), in_salesforce(B, "00Q2", days=1)]
    assert matched(leads, record=CONTACT, by_former=[A, B]) == Unite(
        keep=A, drop=B, why="their records were merged in Salesforce"
    )


def test_the_winner_of_a_merge_takes_over_the_lead_of_the_loser() -> None:
    leads = [in_both(A), in_hubspot(B, "52", days=1)]
    assert matched(leads, record=WINNER, stored=B, by_former=[A]) == Unite(
        keep=A, drop=B, why="their records were merged in HubSpot"
    )


def test_the_loser_of_a_merge_keeps_its_lead_where_both_have_a_partner() -> None:
    leads = [in_both(A), in_both(B, "52", "00Q2")]
    assert matched(leads, record=WINNER, stored=B, by_former=[A]) == Known(B)


def test_a_winner_is_itself_while_the_losers_lead_has_something_under_way() -> None:
    leads = [moving(in_hubspot(A)), in_hubspot(B, "52")]
    assert matched(leads, record=WINNER, stored=B, by_former=[A]) == Known(B)


def test_a_record_that_carries_on_is_not_asked_for_its_address() -> None:
    leads = [in_both(A), in_hubspot(B, "52")]
    assert matched(leads, record=CONTACT, by_former=[A], by_email=[B]) == Known(A)


# --- what a person said ------------------------------------------------------------------


def apart(owner: Lead, *records: str) -> Lead:
    return replace(owner, apart=tuple(map(RecordId, records)))


@pytest.mark.parametrize(
    "clues",
    [Clues(by_email=frozenset({A})), Clues(by_other=A), Clues(by_external=A)],
    ids=["email", "connector", "syncd id"],
)
def test_a_record_set_apart_from_a_lead_never_joins_it_again(clues: Clues) -> None:
    assert match(snapshot("51"), clues, {A: apart(in_salesforce(A), "51")}) == New()


def test_a_record_set_apart_stays_apart_when_it_was_converted() -> None:
    leads = [apart(in_hubspot(A), "00Q1"), in_salesforce(B)]
    assert matched(leads, record=CONTACT, by_former=[B], by_other=A) == Known(B)


def test_a_record_set_apart_from_one_lead_may_join_another() -> None:
    leads = [apart(in_salesforce(A), "51"), in_salesforce(B, "00Q2")]
    assert matched(leads, by_email=[A, B]) == Joins(lead_id=B, why="the email address")


def test_a_lead_holds_its_own_record_whatever_it_is_apart_from() -> None:
    assert matched([apart(in_both(A), "51")], stored=A) == Known(A)

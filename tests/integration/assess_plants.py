"""What is planted into what was seen of a sound pair of CRMs, by the check that has to name it."""

from dataclasses import replace
from datetime import date, timedelta

from assess_hands import (
    HS,
    NOWHERE,
    SF,
    Change,
    a_click_will_do,
    all_observed,
    also_after,
    ann_left,
    at,
    at_once,
    back_and_forth,
    because,
    by_machine,
    come_again,
    deal,
    deals,
    each_deal,
    earlier,
    elsewhere,
    everybody,
    from_nowhere,
    gone_quiet,
    hubspot_only,
    ignored,
    in_a_queue,
    in_hubspot,
    in_one_alone,
    integration_has_leads,
    judged,
    late_deals,
    late_for_whom_it_was_promised,
    leads,
    mapped,
    never_accepted,
    no_moves_told,
    no_reason_for_losses,
    no_stage,
    not_won,
    offered,
    old_steps,
    one_has_most,
    only_fit,
    owned_by,
    place,
    plus_offered,
    policy,
    reversed_lifecycle,
    salesforce_only,
    same_gates,
    sides,
    sold,
    sql_afterwards,
    standard,
    stranger,
    syncds_own_words,
    taken_back,
    touched,
    tried_in_vain,
    undated_wins,
    unknown_stage,
    unmapped,
    without,
    without_rung,
    without_step,
    won,
)
from assess_town import REASONS

from syncd.core.doctor.facts import Unseen
from syncd.core.rejection import REJECTION_REASON
from syncd.domain.names import FieldName
from syncd.domain.stage import Stage
from syncd.measure.assess.leads import (
    mqls,
    turned_down,
)

PLANTED: dict[str, Change] = {
    "definition-written": lambda s: replace(s, standard=None, lacking="there is none"),
    "stages-sal-in-both": no_stage(HS, Stage.SAL),
    "stages-agree": leads(at(Stage.SQL), in_hubspot(stage=Stage.SAL)),
    "stages-through-sql": leads(won, without_step(Stage.SQL), 5),
    "capture-duplicates": place(SF, shared=20),
    "capture-source": leads(turned_down, without("source")),
    "capture-budget": leads(won, without("budget_confirmed", "budget_amount"), 5),
    "capture-values-agree": leads(
        turned_down, lambda x: replace(x, differing=frozenset({FieldName("phone")}))
    ),
    "capture-both-sides": in_one_alone,
    "handoff-reaches-sales": leads(at(Stage.SAL), hubspot_only),
    "handoff-reaches-marketing": leads(at(Stage.SAL), salesforce_only),
    "handoff-owned": leads(at(Stage.SAL), sides(lambda s: replace(s, owner=None)), 5),
    "handoff-owner-active": ann_left,
    "handoff-owners-agree": leads(at(Stage.SAL), in_hubspot(owner="mark@example.com")),
    "handoff-answered": ignored,
    "handoff-by-people": leads(at(Stage.SQL), sides(by_machine)),
    "sla-touched": leads(turned_down, lambda x: replace(x, touches=())),
    "sla-by-people": leads(turned_down, touched(lambda t: replace(t, by_hand=False))),
    "sla-tried-again": leads(turned_down, touched(lambda t: replace(t, reached=False), most=1)),
    "sla-kept": leads(won, touched(lambda t: replace(t, at=t.at + timedelta(days=5)))),
    "feedback-reason-given": leads(turned_down, sides(lambda s: replace(s, reason=None)), 2),
    "feedback-reasons-match": leads(turned_down, in_hubspot(reason=None), 6),
    "feedback-rejections-arrive": leads(turned_down, in_hubspot(stage=Stage.SAL), 6),
    "feedback-wins-arrive": leads(won, in_hubspot(stage=Stage.OPPORTUNITY), 6),
    "reporting-stage-history": place(SF, tracked=frozenset({"OwnerId"})),
    "reporting-owner-history": place(SF, tracked=frozenset({"Status"})),
    "reporting-one-by-one": at_once,
    "reporting-same-count": leads(turned_down, in_hubspot(steps=())),
    "reporting-time-zones": elsewhere,
    "reporting-amounts": leads(won, each_deal(amount=None), 5),
    "reporting-conversions": leads(sold, lambda x: replace(x, deals={})),
    "reporting-closing-dates": late_deals,
    "definition-signed": standard(signatures=()),
    "definition-in-review": standard(review_by=date(2026, 1, 1)),
    "definition-fields-exist": unmapped("employees"),
    "definition-fit-and-interest": only_fit,
    "definition-beyond-mql": same_gates,
    "definition-held-to": all_observed,
    "definition-mqls-meet-it": judged(Stage.MQL),
    "definition-sqls-meet-it": judged(Stage.SQL),
    "definition-reasons-named": standard(rejections={}),
    "stages-mql-in-both": no_stage(HS, Stage.MQL),
    "stages-sql-in-both": no_stage(SF, Stage.SQL),
    "stages-nurture-in-both": no_stage(HS, Stage.NURTURE),
    "stages-disqualified-in-both": no_stage(HS, Stage.DISQUALIFIED),
    "stages-customer-in-both": no_stage(HS, Stage.CUSTOMER),
    "stages-values-told": plus_offered(SF, "Status", "Parked"),
    "stages-records-told": leads(everybody, unknown_stage, 10),
    "stages-in-order": reversed_lifecycle,
    "stages-through-mql": from_nowhere,
    "stages-no-standstill": old_steps,
    "stages-in-use": never_accepted,
    "stages-forward": back_and_forth,
    "capture-address": leads(everybody, sides(lambda x: replace(x, addressed=False)), 5),
    "capture-company": leads(turned_down, without("company"), 5),
    "capture-phone": leads(won, without("phone"), 5),
    "capture-winners-fields": leads(not_won, without("country"), 5),
    "capture-authority": leads(won, without("buying_role"), 5),
    "capture-need": leads(won, without("need"), 5),
    "capture-timing": leads(won, without("purchase_timeline"), 5),
    "capture-picklists-match": plus_offered(SF, "Buying_Role__c", "Janitor"),
    "capture-fields-used": mapped("shoe_size", NOWHERE),
    "handoff-owner-told": leads(at(Stage.SAL), owned_by("user:005"), 8),
    "handoff-owners-known": stranger,
    "handoff-spread": one_has_most,
    "handoff-to-people": integration_has_leads,
    "sla-promised": policy(segments=()),
    "sla-first-touch-promised": a_click_will_do,
    "sla-escalates": without_rung,
    "sla-written-down": leads(everybody, lambda x: replace(x, touches=())),
    "sla-reached": tried_in_vain,
    "sla-not-quiet": gone_quiet,
    "feedback-reason-field": unmapped(REJECTION_REASON),
    "feedback-reason-list": offered(HS, "rejection_reason", ()),
    "feedback-reason-says": leads(turned_down, because("Other")),
    "feedback-reasons-agreed": leads(turned_down, because("Vibes"), 6),
    "feedback-lost-reason": leads(not_won, deals(deal())),
    "feedback-lost-reasons-say": leads(not_won, deals(deal(lost_reason="Other"))),
    "feedback-way-back": leads(turned_down, sides(lambda x: replace(x, stage=Stage.DISQUALIFIED))),
    "reporting-moves-known": no_moves_told,
    "reporting-wins-dated": leads(won, undated_wins, 5),
    "reporting-customers": leads(won, lambda x: replace(x, deals={}), 5),
    "reporting-deals-agree": leads(won, deals(deal(is_closed=False))),
}

ALSO = {
    "stages-sal-in-both": {"stages-values-told"},
    "handoff-reaches-sales": {"reporting-same-count"},
    "handoff-reaches-marketing": {"reporting-same-count"},
    "stages-customer-in-both": {"stages-values-told"},
    "stages-sql-in-both": {"stages-values-told"},
    "feedback-reason-says": {"feedback-reasons-agreed"},
    "reporting-customers": {"reporting-conversions"},
    "handoff-owner-told": {"handoff-owners-known"},
}
"""What else is then so, and named, too."""

NAMED_TOO: dict[str, Change] = {
    "sla-kept": leads(mqls, late_for_whom_it_was_promised),
    "stages-through-sql": leads(won, sides(sql_afterwards), 5),
    "sla-touched": leads(turned_down, earlier),
    "handoff-owned": in_a_queue,
    "handoff-owner-active": also_after(ann_left, stranger),
    "reporting-amounts": leads(won, each_deal(amount=0.0), 5),
}
"""The same, come by in another way."""

HARMLESS: dict[str, Change] = {
    "what syncd took back": leads(at(Stage.SAL, Stage.SQL), sides(taken_back)),
    "no lead at SAL, where no history is to be seen": also_after(
        never_accepted, place(SF, tracked=Unseen("no right"))
    ),
    "several records that may be theirs": leads(
        at(Stage.SAL), lambda x: replace(hubspot_only(x), doubtful=True), 4
    ),
    "MQLs again since yesterday": come_again,
    "a field that three of four winners have": also_after(
        leads(won, without("country"), 3), leads(not_won, without("country"))
    ),
    "two that HubSpot does not count": leads(turned_down, in_hubspot(steps=()), 2),
    "some that came together": lambda s: at_once(s, 5),
    "three hours, where nobody promised less": leads(
        mqls, touched(lambda t: replace(t, at=t.at + timedelta(hours=3)))
    ),
    "reasons in other letters": leads(turned_down, because(REASONS[0].upper()), 6),
}
"""What looks like it, and is not."""

UNTOLD: dict[str, Change] = {
    "feedback-reasons-match": leads(turned_down, sides(lambda s: replace(s, reason=None))),
    "feedback-lost-reason": no_reason_for_losses,
    "feedback-lost-reasons-say": no_reason_for_losses,
    "feedback-reasons-agreed": also_after(leads(turned_down, because("Vibes")), syncds_own_words),
    "reporting-same-count": place(SF, tracked=frozenset({"OwnerId"})),
}
"""Where there is nothing to tell it by."""

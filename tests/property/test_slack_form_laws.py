"""Whatever the standard says, Slack draws the forms: they keep to its limits."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from syncd.adapters.slack.buttons import About
from syncd.adapters.slack.click import Click, Where, kept, submitted
from syncd.adapters.slack.forms import reject_form, waiver_form
from syncd.adapters.slack.talk import Talk
from syncd.domain.alert import Act
from syncd.domain.names import ActionKey, FieldName, LeadId, RuleId
from syncd.domain.stage import Stage
from syncd.domain.standard import AfterRejection, RejectionReason
from syncd.sandbox.slack.limits import unfit_view

WORDS = st.text(max_size=100)
IDS = st.text("abc-", min_size=1, max_size=6)
REASONS = st.builds(RejectionReason, id=IDS, says=WORDS, then=st.sampled_from(AfterRejection))
RULES = st.lists(st.tuples(IDS.map(RuleId), WORDS), min_size=1, max_size=5).map(tuple)
TALKS = st.builds(
    Talk,
    reasons=st.lists(REASONS, min_size=1, max_size=5).map(lambda all_: {x.id: x for x in all_}),
    fields=st.lists(IDS.map(FieldName), max_size=5, unique=True).map(tuple),
    rules=st.dictionaries(st.sampled_from(Stage), RULES, min_size=1, max_size=3),
    zone=st.just("UTC"),
)
CLICKS = st.builds(
    Click,
    act=st.sampled_from(Act),
    about=st.builds(
        About,
        alert=st.text(max_size=50).map(ActionKey),
        lead=st.none() | st.text(max_size=40).map(LeadId),
        subject=st.text(max_size=50),
    ),
    where=st.builds(Where, channel_id=IDS, ts=IDS, thread_ts=st.none() | IDS),
    user_id=IDS,
    mark=IDS,
)


@given(TALKS, CLICKS)
def test_no_form_outgrows_slacks_limits(talk: Talk, click: Click) -> None:
    click = replace(click, about=replace(click.about, alert=ActionKey("a"), subject="h"))

    assert unfit_view(reject_form(talk, click)) == ""
    assert unfit_view(waiver_form(talk, click)) == ""


@given(CLICKS)
def test_a_form_comes_back_as_the_click_that_opened_it(click: Click) -> None:
    view = {"private_metadata": kept(click), "id": click.mark}

    assert submitted({"view": view, "user": {"id": click.user_id}}) == click


@given(CLICKS, CLICKS)
def test_clicks_of_one_person_on_one_button_share_its_name_and_no_others_do(
    one: Click, other: Click
) -> None:
    def button(click: Click) -> tuple[str, ...]:
        return (click.user_id, click.where.channel_id, click.where.ts, click.act)

    assert (one.button_id == other.button_id) == (button(one) == button(other))
    assert one.id.startswith(one.button_id)


def test_more_than_slack_can_offer_is_cut_to_what_it_can() -> None:
    many = [f"x-{number}" for number in range(120)]
    talk = Talk(
        reasons={x: RejectionReason(id=x, says="y" * 400, then=AfterRejection.SLEEP) for x in many},
        fields=tuple(map(FieldName, many)),
        rules={Stage.SQL: tuple((RuleId(x), "y" * 400) for x in many)},
        zone="UTC",
    )
    about = About(alert=ActionKey("a"), lead=LeadId("l"), subject="h")
    where = Where(channel_id="C1", ts="1.0")
    click = Click(act=Act.REJECT, about=about, where=where, user_id="U1", mark="1.0")

    assert unfit_view(reject_form(talk, click)) == ""
    assert unfit_view(waiver_form(talk, click)) == ""

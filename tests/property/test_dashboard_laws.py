"""Whatever stands in an address, the dashboard answers in words and shows only what it may."""

from urllib.parse import parse_qsl, urlencode

from dashboard_cases import FewViews, client, facts
from hypothesis import given, settings
from hypothesis import strategies as st

from syncd.adapters.web.door import local_address
from syncd.adapters.web.filters import KNOWN, Asked, BadAddress, Frame, asked_of
from syncd.domain.targets import Targets
from syncd.measure.facts import Dimension

VIEWS = FewViews()
VISITOR = client(VIEWS)
FRAME = Frame(now=VIEWS.at, time_zone=VIEWS.time_zone, targets=Targets())
HOSTILE = st.sampled_from(
    ("' OR 1=1 --", "'; DROP TABLE lead; --", "<script>alert(1)</script>", "../../etc", "%00", "\0")
)
VALUES = HOSTILE | st.text(max_size=30) | st.sampled_from(("2026-10", "source", "Webinar", ""))
NAMES = st.sampled_from((*KNOWN, "row", "column", "page", "rows", "filter")) | st.text(max_size=10)
QUERIES = st.lists(st.tuples(NAMES, VALUES), max_size=5)
PAGES = st.sampled_from(("/funnel/funnel", "/behind/funnel", "/csv/funnel", "/handoffs", "/leads"))


@settings(max_examples=150, deadline=None)
@given(page=PAGES, query=QUERIES)
def test_any_address_is_answered_and_nothing_in_it_becomes_code(
    page: str, query: list[tuple[str, str]]
) -> None:
    answer = VISITOR.get(f"{page}?{urlencode(query, errors='replace')}")

    assert answer.status_code in {200, 400, 404}
    assert "<script>alert" not in answer.text


@settings(max_examples=150, deadline=None)
@given(query=QUERIES)
def test_an_address_made_of_a_view_leads_to_the_same_view(query: list[tuple[str, str]]) -> None:
    asked = asked_or_none(query)
    if asked is None:
        return

    again = asked_of(parse_qsl(asked.query(), keep_blank_values=True), of=FRAME)

    assert again == asked


@given(value=VALUES.filter(bool), dimension=st.sampled_from(Dimension))
def test_a_filter_keeps_the_rows_of_exactly_its_value(value: str, dimension: Dimension) -> None:
    rounds = facts().rounds
    asked = asked_of([(dimension.value, value)], of=FRAME)

    kept = rounds.filter(asked.scope.chosen())

    assert kept.height == (rounds.get_column(dimension.value).fill_null("(unknown)") == value).sum()


@given(address=st.text(max_size=40) | HOSTILE | st.just("//evil.example/x"))
def test_nobody_is_sent_to_another_site(address: str) -> None:
    local = local_address(address)

    assert local.startswith("/")
    assert not local.startswith(("//", "/\\"))


def asked_or_none(query: list[tuple[str, str]]) -> Asked | None:
    try:
        return asked_of(query, of=FRAME)
    except BadAddress:
        return None

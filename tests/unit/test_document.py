"""The readable standard: everything is in it, in every layout, and nothing of it is markup."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from leaf_changes import changed
from page_cases import SHIPPED, with_a_variant

from syncd.cli.standard_page import rendered
from syncd.compile.document import Table
from syncd.compile.document_build import document_of
from syncd.compile.document_markdown import markdown_of
from syncd.compile.document_policy import modes_section
from syncd.compile.hubspot import checklist
from syncd.compile.page import page_of
from syncd.compile.words import span_phrase
from syncd.core.standard_digest import digest_of
from syncd.domain.calendar import BusinessDays, BusinessHours, Elapsed, ElapsedMonths, Span
from syncd.domain.stage import Stage
from syncd.domain.standard import AfterRejection, BandName, RuleKind, RulePoints, Standard

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
STANDARD = SHIPPED.standard
EVIL = '<img src=x onerror="1">**not bold**'


def text_of(form: str, standard: Standard = STANDARD, *, now: datetime = NOW) -> str:
    """One layout as people read it: its marks taken away, and on one line."""
    settings = replace(SHIPPED, standard=standard)
    text = rendered(settings, form, now=now, styled=False)  # type: ignore[arg-type]  # of these
    if form == "html":
        text = unescape(re.sub(r"<style>.*?</style>|<[^>]+>", " ", text, flags=re.DOTALL))
    return " ".join(text.replace("\\", "").split())


@pytest.mark.parametrize("form", ["terminal", "markdown", "html"])
def test_every_rule_reason_promise_and_signature_is_in_every_layout(form: str) -> None:
    text = text_of(form)

    wanted = [
        *(words for x in STANDARD.rules.values() for words in (x.says, x.fix, x.id)),
        *STANDARD.rejections,
        *(x.name for x in STANDARD.signatures),
        digest_of(STANDARD),
        "In force",
        "30 Jun 2027",
        "demo request",
        "30 business minutes",
        "Monthly newsletter",
        "your RevOps manager",
        "not under the signatures",
    ]
    assert [x for x in wanted if x not in text and form != "terminal"] == []
    assert [x for x in wanted if x.split()[0] not in text] == []


@pytest.mark.parametrize("form", ["terminal", "markdown", "html"])
def test_a_rule_says_why_it_is_there_and_nothing_where_nobody_wrote_it(form: str) -> None:
    rules = {name: replace(x, why="") for name, x in STANDARD.rules.items()}
    silent = replace(STANDARD, rules=rules)
    one = next(iter(rules))
    reasoned = replace(silent, rules={**rules, one: replace(rules[one], why="Small ones leave.")})

    texts = [text_of(form, x) for x in (silent, reasoned)]

    assert [x.count("Why") for x in texts] == [0, 1]
    assert "Small ones leave." in texts[1]


def test_no_leaf_of_what_is_signed_is_missing_from_it() -> None:
    """But for what cannot be: a gate that asks for a rule there is not."""
    whole = with_a_variant(STANDARD)
    shown = without_digest(whole)

    untold = [x for x in changed(whole) if can_be(x) and without_digest(x) == shown]

    assert untold == []


def without_digest(standard: Standard) -> str:
    digest = digest_of(standard)
    document = document_of(standard, SHIPPED.policy, SHIPPED.crm, now=NOW)
    return markdown_of(document).replace(digest, "").replace(digest[:12], "")


def can_be(standard: Standard) -> bool:
    """Whether every id is that of what it stands for, and every name one of those there are."""
    variants = standard.every_variant()
    gates = [(stage, x) for variant in variants for stage, x in variant.gates.items()]
    asked = [y for _, x in gates for y in (*x.all, *(x.any.of if x.any else ()))]
    scores = [x.scoring for x in variants if x.scoring]
    parts = [x for y in scores for x in y.points if isinstance(x, RulePoints)]
    return (
        all(name == x.id for name, x in standard.rules.items())
        and all(name == x.id for name, x in standard.rejections.items())
        and all(stage == x.stage for stage, x in gates)
        and all(isinstance(x.score, BandName | None) for _, x in gates)
        and all(isinstance(x.kind, RuleKind) for x in standard.rules.values())
        and all(isinstance(x.then, AfterRejection) for x in standard.rejections.values())
        and {*asked, *(x.rule for x in parts)} <= set(standard.rules)
        and all(isinstance(band.name, BandName) for x in scores for band in x.bands)
    )


def test_the_examples_are_counted_by_the_core() -> None:
    text = text_of("markdown")

    assert "| Score | 100 | 75 | 30 |" in text
    assert "| Band | sales-ready | sales-ready | warm |" in text
    assert "What would lift it: latest engagement (+30), demo (+20)" in text


def test_a_variant_shows_whom_it_is_for_and_what_it_changes_alone() -> None:
    text = text_of("markdown", with_a_variant(STANDARD))

    assert "For leads of which:* employees is at least 1,000" in text
    assert "**enterprise: to become SQL**" in text
    assert "enterprise: to become MQL" not in text
    assert "the SQL gate of enterprise" in text
    assert (
        "| warm | 6 | Worth watching: marketing's still, and close | Enterprise stories |" in text
    )


@pytest.mark.parametrize(
    ("standard", "now", "words"),
    [
        (replace(STANDARD, signatures=()), NOW, "It is not signed by marketing and sales."),
        (
            replace(STANDARD, signatures=STANDARD.signatures[:1], void=STANDARD.signatures[1:]),
            NOW,
            "Ben Okafor signed for sales on 28 Oct 2026 for another content",
        ),
        (STANDARD, NOW + timedelta(days=400), "It was to be reviewed by 30 Jun 2027."),
    ],
    ids=["unsigned", "changed since", "past review"],
)
def test_what_keeps_it_from_being_in_force_stands_at_the_top(
    standard: Standard, now: datetime, words: str
) -> None:
    text = text_of("html", standard, now=now)

    assert "Not in force" in text
    assert words in text


def test_a_standard_without_score_and_reasons_has_no_empty_sections() -> None:
    gates = {stage: replace(x, score=None) for stage, x in STANDARD.gates.items()}
    bare = replace(STANDARD, scoring=None, gates=gates, rejections={})

    text = text_of("markdown", bare)

    assert "The score" not in text
    assert "No reasons are agreed on" in text


def test_text_of_a_rule_is_never_markup() -> None:
    rule = replace(STANDARD.rules[next(iter(STANDARD.rules))], says=EVIL, fix=EVIL)
    rules = {**STANDARD.rules, rule.id: rule}
    document = document_of(replace(STANDARD, rules=rules), SHIPPED.policy, SHIPPED.crm, now=NOW)

    page, markdown = page_of(document), markdown_of(document)

    assert "<img" not in page
    assert "<img" not in markdown.replace("\\<img", "")
    assert "**not" not in markdown


def test_the_page_needs_nothing_from_anywhere() -> None:
    page = page_of(document_of(STANDARD, SHIPPED.policy, SHIPPED.crm, now=NOW))

    assert re.findall(r"""(?:src|href|action)=(?!"#)""", page) == []
    assert re.findall(r"https?:|url\(|@import|<script|<link|\sstyle=", page) == []
    assert "default-src 'none'; style-src 'sha256-" in unescape(page)


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (Elapsed(timedelta(days=14)), "14 days"),
        (Elapsed(timedelta(hours=36)), "1 day 12 hours"),
        (BusinessHours(timedelta(hours=30)), "30 business hours"),
        (BusinessHours(timedelta(minutes=90)), "1 business hour 30 business minutes"),
        (BusinessDays(2), "2 business days"),
        (ElapsedMonths(1), "1 month"),
    ],
)
def test_a_span_is_told_as_it_was_promised(span: Span, words: str) -> None:
    assert span_phrase(span) == words


def test_a_gate_that_is_to_block_and_was_not_previewed_is_shown_as_it_works() -> None:
    waiting = replace(SHIPPED.policy, unpreviewed=frozenset((Stage.SQL,)))

    (table, _) = modes_section(STANDARD, waiting).blocks
    clicks = checklist(STANDARD, waiting, SHIPPED.crm, ())

    assert isinstance(table, Table)
    rows = {gate: (mode, then) for gate, mode, then in table.rows}
    mode, then = rows["SQL"]
    assert mode == "flag, until somebody has looked at what block would do"
    assert then.startswith("is marked on the record and told in Slack, and goes on; later it is")
    assert f"## Into SQL or beyond (mode {mode})" in clicks

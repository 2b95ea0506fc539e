"""A CSV of as many made-up leads as asked for, and a standard of 25 rules to judge them by."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import polars as pl

from syncd.domain.names import FieldName, RuleId
from syncd.domain.stage import Stage
from syncd.domain.standard import (
    AllOf,
    AnyOf,
    AtLeast,
    AtMost,
    Band,
    BandName,
    Between,
    Blank,
    Condition,
    DecayingPoints,
    FieldTest,
    Gate,
    Is,
    Matches,
    NoneOf,
    Not,
    OneOf,
    Present,
    Rule,
    RuleKind,
    RulePoints,
    Scoring,
    SomeOf,
    Standard,
    Test,
    Within,
)
from syncd.settings.patterns import compile_pattern

START, DAYS = np.datetime64("2024-01-01T00:00:00"), 700
PIECE = 100_000
DAY = timedelta(days=1)
HOSTS = ("corp.example", "gmail.com", "uni.example", "firm.co", "gmx.net", "no-host")
TYPES = {
    "country": "picklist", "email": "email", "company": "string", "industry": "picklist",
    "employees": "integer", "revenue": "currency", "budget": "currency", "confirmed": "boolean",
    "role": "picklist", "need": "text", "timeline": "date", "demo_on": "date",
    "engaged_at": "datetime", "visits": "integer", "opened": "integer",
    "topics": "multi-picklist", "webinar_on": "date", "partner": "boolean", "consent": "boolean",
}  # fmt: skip
MAP = (
    "date_format: '%Y-%m-%d'\nlead: lead\nmoved_at: moved\namount: amount\ndecided_at: decided\n"
    "outcome: {column: outcome, won: [won], lost: [lost], rejected: [rejected], open: ['']}\n"
    "fields:\n" + "".join(f"  {x}: {{column: {x}, type: {kind}}}\n" for x, kind in TYPES.items())
)


def field_test(field: str, test: Test) -> FieldTest:
    return FieldTest(FieldName(field), test)


def matching(field: str, pattern: str) -> FieldTest:
    return field_test(field, Matches(compile_pattern(pattern), "text"))


CONDITIONS: dict[str, Condition] = {
    "has-company": field_test("company", Present()),
    "need-stated": field_test("need", Present()),
    "role-known": field_test("role", Present()),
    "no-student": Not(field_test("role", Is("student"))),
    "employees-50-plus": field_test("employees", AtLeast(50)),
    "employees-5000-at-most": field_test("employees", AtMost(5_000)),
    "revenue-in-range": field_test("revenue", Between(100_000, Decimal("5000000.50"))),
    "budget-10k": field_test("budget", AtLeast(10_000)),
    "budget-confirmed": field_test("confirmed", Is(value=True)),
    "amount-if-confirmed": AnyOf(
        (field_test("budget", Present()), Not(field_test("confirmed", Is(value=True))))
    ),
    "decision-maker": field_test("role", Is("decision-maker")),
    "economic-contact": field_test("role", OneOf(("decision-maker", "champion"))),
    "served-country": field_test("country", NoneOf(("Cuba", "Iran"))),
    "near-country": field_test("country", OneOf(("Austria", "Germany", "Switzerland"))),
    "industry-fits": field_test("industry", OneOf(("software", "manufacturing", "health"))),
    "business-email": AllOf(
        (
            matching("email", r"[^@\s]+@[^@\s]+\.[a-z]{2,}"),
            Not(matching("email", r".+@(gmail|yahoo|gmx)\..+")),
        )
    ),
    "timeline-90-days": field_test("timeline", Within(next=90 * DAY)),
    "demo-half-year": field_test("demo_on", Within(last=180 * DAY)),
    "engaged-month": field_test("engaged_at", Within(last=30 * DAY)),
    "webinar-quarter": field_test("webinar_on", Within(last=90 * DAY)),
    "visits-3": field_test("visits", AtLeast(3)),
    "opened-2": field_test("opened", AtLeast(2)),
    "asked-price": field_test("topics", OneOf(("pricing", "security"))),
    "no-partner": AnyOf((field_test("partner", Blank()), field_test("partner", Is(value=False)))),
    "consents": field_test("consent", Is(value=True)),
}
GIVING = ("employees-50-plus", "business-email", "has-company", "economic-contact", "visits-3")


def standard() -> Standard:
    rules = {
        RuleId(x): Rule(id=RuleId(x), kind=RuleKind.FIT, says=x, fix=f"See to {x}.", condition=c)
        for x, c in CONDITIONS.items()
    }
    return Standard(
        version="1",
        review_by=date(2027, 1, 1),
        signatures=(),
        rules=rules,
        gates={Stage.SQL: gate(tuple(rules))},
        scoring=scoring(),
    )


def gate(rules: tuple[RuleId, ...]) -> Gate:
    some = SomeOf(at_least=2, of=rules[16:])
    return Gate(stage=Stage.SQL, all=rules[:16], any=some, score=BandName.SALES_READY)


def scoring() -> Scoring:
    fading = {"engagement": "engaged_at", "demo": "demo_on"}
    return Scoring(
        points=(
            *(RulePoints(rule=RuleId(x), points=Decimal(10)) for x in GIVING),
            *(
                DecayingPoints(
                    name=name, field=FieldName(x), points=Decimal(30), half_life=30 * DAY
                )
                for name, x in fading.items()
            ),
        ),
        bands=tuple(
            Band(name=name, minimum=Decimal(minimum))
            for name, minimum in zip(BandName, (0, 30, 50), strict=True)
        ),
    )


def write_csv(path: Path, leads: int) -> None:
    """The same leads every time."""
    draw = np.random.default_rng(7)
    with path.open("wb") as file:
        for first in range(0, leads, PIECE):
            size = min(PIECE, leads - first)
            _piece(first, size, draw).write_csv(file, include_header=first == 0)


def _piece(first: int, size: int, draw: np.random.Generator) -> pl.DataFrame:
    moved = START + draw.integers(0, DAYS * 86_400, size).astype("timedelta64[s]")
    outcomes = draw.choice(("won", "lost", "rejected", ""), size, p=(0.2, 0.5, 0.2, 0.1))

    def some(*values: str) -> pl.Series:
        return pl.Series(draw.choice(("", *values), size))

    def rarely_none(values: np.ndarray) -> pl.Series:
        return pl.Series(values).set(pl.Series(draw.random(size) < 0.15), None)

    def whole(most: int) -> pl.Series:
        return rarely_none((draw.pareto(1, size) * most / 20).astype(np.int64) % (most + 1))

    def instant(before: int, after: int) -> np.ndarray:
        seconds = draw.integers(-before * 86_400, after * 86_400 + 1, size)
        at: np.ndarray = moved + seconds.astype("timedelta64[s]")
        return at

    def day(before: int, after: int) -> pl.Series:
        return rarely_none(instant(before, after).astype("datetime64[D]").astype("datetime64[ms]"))

    numbers = range(first, first + size)
    return pl.DataFrame(
        {
            "lead": [f"L-{n}" for n in numbers],
            "moved": moved.astype("datetime64[us]"),
            "outcome": outcomes,
            "decided": pl.Series(instant(0, 200).astype("datetime64[us]")).set(
                pl.Series(outcomes == ""), None
            ),
            "amount": whole(90_000),
            "country": some("Austria", "Germany", "Switzerland", "France", "Cuba", "Iran"),
            "email": [
                f"person{n}@{host}"
                for n, host in zip(numbers, draw.choice(HOSTS, size), strict=True)
            ],
            "company": [f"Company {n % 70_000}" if n % 11 else "" for n in numbers],
            "industry": some("software", "manufacturing", "retail", "education", "health"),
            "employees": whole(20_000),
            "revenue": whole(20_000_000),
            "budget": whole(200_000),
            "confirmed": some("true", "false"),
            "role": some("decision-maker", "champion", "user", "student"),
            "need": some("Faster reports", "One place for leads", "They, and we, must agree"),
            "timeline": day(20, 200),
            "demo_on": day(300, 0),
            "engaged_at": rarely_none(instant(90, 0).astype("datetime64[us]")),
            "visits": whole(40),
            "opened": whole(20),
            "topics": some("pricing", "api;news", "security;api", "news"),
            "webinar_on": day(200, 0),
            "partner": some("true", "false"),
            "consent": some("true", "false"),
        }
    ).with_columns(pl.selectors.by_name("timeline", "demo_on", "webinar_on").dt.date())

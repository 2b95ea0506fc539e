"""Every kind of rule, each with fields of every type it can ask about, to try guards on."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from formula_cases import (
    NOW,
    Setting,
    crm_of,
    gate_of,
    one_rule,
    rule_of,
    scoring_of,
    source_of,
    spec_of,
    standard_of,
)

from syncd.domain.names import FieldName, RuleId
from syncd.domain.stage import Stage, StageLine
from syncd.domain.standard import (
    AllOf,
    AnyOf,
    AtLeast,
    AtMost,
    BandName,
    Between,
    Blank,
    Condition,
    FieldTest,
    Gate,
    Is,
    Matches,
    NoneOf,
    Not,
    OneOf,
    Present,
    Test,
    Variant,
    Within,
)
from syncd.domain.values import Direction, FieldSpec, FieldType
from syncd.settings.patterns import compile_pattern

SEEN = FieldName("seen")
PATH = "Seen__c"
OPTIONS = {"boss": "The Boss", "champion": "champion", "user": "boss"}
"""One renamed, one as it is, and one that is spelled like another's name."""
_DAYS = [
    None,
    *((NOW.date() + timedelta(days=x)).isoformat() for x in (-400, *range(-32, 33), 400)),
]
_SECONDS = (*range(-3, 4), -3600, 3600, -5400, 5400, -86_400, 86_400, 40 * 86_400, -40 * 86_400)
_AROUND = (
    timedelta(),
    timedelta(days=-30),
    timedelta(days=30),
    timedelta(hours=36),
    timedelta(hours=-36),
)
_INSTANTS = [
    None,
    *((NOW + near + timedelta(seconds=x)).isoformat() for near in _AROUND for x in _SECONDS),
]
VALUES: Mapping[FieldType, Sequence[Any]] = {
    FieldType.STRING: (None, "", "Cuba", "cuba", "Iran", "North Korea", 'say "x"', "O'Hara", "A-1"),
    FieldType.TEXT: (None, "", "one line", "two\nlines", "A-1"),
    FieldType.EMAIL: (
        None,
        "",
        "Ann@Acme.com",
        "ann@acme.com",
        "bob@gmail.com",
        "x@y",
        "not an address",
        "ann@mail.acme.co",
        "a b@c.de",
        "two@at@signs.com",
        "bob@gmail.community",
        "@",
        "a@.com",
    ),
    FieldType.INTEGER: (None, -1, 0, 1, 49, 50, 51, 5000, 5001, 49.5, 50.5, 999_999_999),
    FieldType.NUMBER: (None, -1, 0, 0.1, 0.25, 49.99, 50, 50.01, 5000, 5000.01, 99999999.99),
    FieldType.CURRENCY: (None, -0.01, 0, 9999.99, 10000, 10000.01, 50, 5000),
    FieldType.BOOLEAN: (True, False),
    FieldType.DATE: (*_DAYS, "2026-06-30"),
    FieldType.DATETIME: _INSTANTS,
    FieldType.PICKLIST: (None, "", "The Boss", "boss", "champion", "Champion", "user", "other"),
    FieldType.MULTI_PICKLIST: (
        None,
        "",
        "boss",
        "The Boss",
        "champion;boss",
        "other;user",
        "other",
    ),
}
_NUMBERS = (FieldType.INTEGER, FieldType.NUMBER, FieldType.CURRENCY)
_ADDRESS = r"[^@\s]+@[^@\s]+\.[a-z]{2,}"
_FREE = r".+@(gmail|yahoo|gmx)\..+"
_PATTERNS: Sequence[tuple[FieldType, str]] = (
    (FieldType.EMAIL, _ADDRESS),
    (FieldType.EMAIL, _FREE),
    (FieldType.EMAIL, "^.*@acme.com$"),
    (FieldType.STRING, "[A-Z]-[0-9]"),
    (FieldType.STRING, r"\w-\d|[Cc]uba"),
    (FieldType.STRING, "O'[A-Z][^-]{3}"),
    (FieldType.STRING, "(?:North )?(Korea|Iran)"),
    (FieldType.STRING, ".*"),
    (FieldType.TEXT, r"\S+\s.+"),
    (FieldType.TEXT, r"[^x]+"),
    (FieldType.PICKLIST, "b.*|champion"),
    (FieldType.PICKLIST, "[a-z]+"),
)
_WINDOWS = (
    Within(last=timedelta(days=30)),
    Within(next=timedelta(days=30)),
    Within(last=timedelta(days=7), next=timedelta(days=30)),
    Within(last=timedelta(hours=36)),
    Within(next=timedelta(hours=36)),
    Within(last=timedelta(seconds=5400), next=timedelta(hours=1)),
)


def all_kinds() -> Mapping[str, Sequence[Setting]]:
    """Kind of rule to what it is tried with."""
    return {
        "present": [_tested(x, Present()) for x in VALUES],
        "blank": [_tested(x, Blank()) for x in VALUES],
        "is": [*_is()],
        "one-of": [*_several(OneOf)],
        "none-of": [*_several(NoneOf)],
        "at-least": [
            _tested(x, AtLeast(low)) for x in _NUMBERS for low in (50, Decimal("0.25"), -1)
        ],
        "at-most": [
            _tested(x, AtMost(high)) for x in _NUMBERS for high in (50, Decimal("9999.99"))
        ],
        "between": [_tested(x, Between(50, 5000)) for x in _NUMBERS],
        "matches": [_tested(kind, _matches(x)) for kind, x in _PATTERNS],
        "within": [_tested(x, w) for x in (FieldType.DATE, FieldType.DATETIME) for w in _WINDOWS],
        "all-any-not": [*_groups()],
        "may-be-in-hubspot": [*_half_seen()],
        "gate-all": [_gate("all", gate_of("a", "b", "c"))],
        "gate-some": [_gate(f"{n} of 4", gate_of("d", some=(n, "abce"))) for n in (1, 2, 3, 4)],
        "score": [*_scores()],
        "variants": [*_variants()],
        "moves": [*_moves()],
    }


def _tested(kind: FieldType, test: Test, *, direction: Direction = Direction.BOTH) -> Setting:
    options = OPTIONS if kind in (FieldType.PICKLIST, FieldType.MULTI_PICKLIST) else None
    spec = spec_of(kind, options=options, direction=direction)
    name = f"{kind} {test} {direction}"
    return one_rule(name, [spec], FieldTest(SEEN, test), {PATH: VALUES[kind]})


def _matches(pattern: str) -> Matches:
    return Matches(compile_pattern(pattern), "so")


def _is() -> Iterator[Setting]:
    for kind, values in _NAMED.items():
        if kind is not FieldType.MULTI_PICKLIST:
            yield from (_tested(kind, Is(value)) for value in values)


_NAMED: Mapping[FieldType, Sequence[Any]] = {
    FieldType.STRING: ("Cuba", 'say "x"', "O'Hara"),
    FieldType.EMAIL: ("ann@acme.com",),
    FieldType.INTEGER: (50, 0),
    FieldType.NUMBER: (Decimal("0.25"), Decimal("50.0")),
    FieldType.CURRENCY: (10000, Decimal("-0.01")),
    FieldType.BOOLEAN: (True, False),
    FieldType.DATE: (date(2026, 6, 30), NOW.date()),
    FieldType.PICKLIST: ("boss", "champion", "user", "other", "The Boss"),
    FieldType.MULTI_PICKLIST: ("boss", "champion", "other"),
}


def _several(test: type[OneOf] | type[NoneOf]) -> Iterator[Setting]:
    for kind, values in _NAMED.items():
        yield _tested(kind, test(tuple(values)))
        yield _tested(kind, test(tuple(values[:1])))


def _half_seen() -> Iterator[Setting]:
    """Fields that HubSpot may hold where Salesforce has nothing."""
    for kind, test in (
        (FieldType.STRING, Is("Cuba")),
        (FieldType.STRING, NoneOf(("Cuba", "Iran"))),
        (FieldType.INTEGER, AtLeast(50)),
        (FieldType.PICKLIST, OneOf(("boss", "champion"))),
        (FieldType.PICKLIST, NoneOf(("boss",))),
        (FieldType.DATE, Within(last=timedelta(days=7))),
        (FieldType.EMAIL, _matches(_ADDRESS)),
        (FieldType.STRING, Blank()),
    ):
        yield _tested(kind, test, direction=Direction.TO_HUBSPOT)


# --- more than one field ------------------------------------------------------------------

SPECS: tuple[FieldSpec, ...] = (
    spec_of(FieldType.INTEGER, "staff"),
    spec_of(FieldType.BOOLEAN, "sure"),
    spec_of(FieldType.PICKLIST, "role", options=OPTIONS),
    spec_of(FieldType.STRING, "land", direction=Direction.TO_HUBSPOT),
    spec_of(FieldType.DATE, "seen"),
)
SPELLED = {
    "Staff__c": (None, 49, 50, 50.5),
    "Sure__c": (True, False),
    "Role__c": (None, "The Boss", "champion", "other"),
    "Land__c": (None, "Cuba", "Chile"),
    "Seen__c": (None, "2026-11-20", "2026-01-01"),
}
STAFF, SURE, ROLE, LAND, DAY = (
    FieldTest(FieldName("staff"), AtLeast(50)),
    FieldTest(FieldName("sure"), Is(True)),
    FieldTest(FieldName("role"), OneOf(("boss", "champion"))),
    FieldTest(FieldName("land"), NoneOf(("Cuba",))),
    FieldTest(FieldName("seen"), Within(last=timedelta(days=30))),
)
RULES = [rule_of(x, y) for x, y in zip("abcde", (STAFF, SURE, ROLE, LAND, DAY), strict=True)]


def _groups() -> Iterator[Setting]:
    known = FieldTest(FieldName("staff"), Present())
    conditions: Sequence[Condition] = (
        AllOf((STAFF, SURE, ROLE)),
        AnyOf((STAFF, SURE, LAND)),
        Not(STAFF),
        Not(AllOf((STAFF, LAND))),
        Not(AnyOf((SURE, LAND, DAY))),
        AnyOf((known, Not(SURE))),
        AllOf((AnyOf((STAFF, LAND)), Not(AnyOf((Not(ROLE), AllOf((SURE, DAY))))))),
        AnyOf((AllOf((LAND, Not(STAFF))), AllOf((Not(LAND), STAFF)))),
        Not(Not(AllOf((LAND, DAY)))),
    )
    for number, condition in enumerate(conditions):
        yield one_rule(f"group {number}", SPECS, condition, SPELLED)


def _gate(name: str, gate: Gate) -> Setting:
    standard = standard_of(RULES, gate)
    source = source_of(standard, crm_of(SPECS))
    return Setting(name=name, source=source, values=SPELLED, plain=False)


def _scores() -> Iterator[Setting]:
    points = {"a": 20, "b": 10, "c": -15, "d": 5, "e": -5}
    for minimum in (-10, 0, 5, 15, 25):
        gate = Gate(stage=Stage.SQL, all=(RuleId("b"),), score=BandName.WARM)
        scoring = scoring_of(points, minimum=minimum)
        standard = standard_of(RULES, gate, scoring=scoring)
        source = source_of(standard, crm_of(SPECS))
        yield Setting(name=f"score {minimum}", source=source, values=SPELLED, plain=False)


def _variants() -> Iterator[Setting]:
    """Told apart by fields that can always be read: doubt has a test of its own."""
    boss = FieldTest(FieldName("role"), Is("boss"))
    gates = (gate_of("a", "e"), gate_of("a", "d", some=(1, "ce")))
    orders: tuple[tuple[str, tuple[Condition, Condition]], ...] = (
        ("boss", (boss, SURE)),
        ("sure", (SURE, boss)),
        ("not", (Not(SURE), SURE)),
    )
    for name, applies in orders:
        variants = tuple(
            Variant(name=f"v{n}", applies=when, gates={Stage.SQL: gate}, scoring=None)
            for n, (when, gate) in enumerate(zip(applies, gates, strict=True))
        )
        standard = standard_of(RULES, gate_of("a", "c"), variants=variants)
        source = source_of(standard, crm_of(SPECS))
        yield Setting(name=f"variants {name}", source=source, values=SPELLED, plain=False)


def _moves() -> Iterator[Setting]:
    """Stages told by several properties; lines that overlap; and jumps over two gates."""
    kinds = (
        ("Kind__c", FieldType.PICKLIST),
        ("Flag__c", FieldType.BOOLEAN),
        ("Note__c", FieldType.STRING),
    )
    telling = [spec_of(kind, path[:4].lower(), path=path) for path, kind in kinds]
    maps = (
        (
            ("sql", {"Status": "Sales Qualified"}),
            ("lead", {"Status": "Open"}),
            ("nurture", {"Status": ""}),
        ),
        (
            ("sql", {"Status": "Sales Qualified", "Kind__c": "Hot"}),
            ("mql", {"Status": "Sales Qualified"}),
            ("lead", {"Kind__c": ""}),
            ("sal", {"Status": "Open"}),
        ),
        (
            ("nurture", {"Flag__c": "true"}),
            ("sql", {"Status": "Sales Qualified", "Note__c": ""}),
            ("sal", {"Note__c": "talks"}),
            ("lead", {"Status": "Open", "Note__c": "waits"}),
        ),
    )
    values = {
        **SPELLED,
        "Kind__c": (None, "Hot"),
        "Flag__c": (True, False),
        "Note__c": (None, "talks"),
    }
    for number, lines in enumerate(maps):
        told = tuple(StageLine(stage=Stage(stage), values=x) for stage, x in lines)
        mql = Gate(stage=Stage.MQL, all=(RuleId("c"),))
        standard = standard_of(RULES, gate_of("b"))
        gates = {Stage.MQL: mql, **standard.gates}
        source = source_of(replace(standard, gates=gates), crm_of([*SPECS, *telling], told))
        yield Setting(name=f"moves {number}", source=source, values=values, plain=False)

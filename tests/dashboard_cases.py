"""A dashboard over a small made-up world: facts, measures and views that need no store."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import polars as pl
from argon2 import PasswordHasher
from core_cases import CRM
from starlette.applications import Starlette
from starlette.testclient import TestClient

from syncd.adapters.web.access import Access, Passwords, Role, ThisMachine
from syncd.adapters.web.dashboard import dashboard
from syncd.adapters.web.views import (
    Deed,
    Found,
    Happening,
    HealthState,
    LeadStory,
    NotPossible,
    OpenHandoff,
    Reconciled,
    ReconciledNumber,
    RecordLink,
    SideHealth,
    StandardState,
    Standing,
)
from syncd.domain.names import LeadId, RecordId, System
from syncd.domain.stage import Stage
from syncd.domain.targets import Targets
from syncd.measure.facts import MOVES, ROUNDS, SPEND, Dimension, Facts
from syncd.measure.gap_reasons import Reason
from syncd.measure.reconciliation import Only, Sums
from syncd.measure.reconciliation_table import records_of, table_of
from syncd.measure.scope import UNKNOWN, Scope
from syncd.measure.shares import Rate
from syncd.measure.tables import Basis, Column, Definition, Measure, Number, Row, Table, Unit

NOW = datetime(2026, 10, 20, 15, 30, tzinfo=UTC)
STAGES = ("mql", "sal", "sql", "opportunity", "customer")
SOURCES = ("Webinar", "Paid search", "=cmd|' /C calc'!A0", "Zoë & <b>Söhne</b>", None)
HOURS = timedelta(hours=1)


def facts(leads: int = 60) -> Facts:
    """So many leads, each a little less far than the one before."""
    rows = [_round(n) for n in range(leads)]
    return Facts(
        rounds=pl.DataFrame(rows, schema=ROUNDS),
        moves=pl.DataFrame([], schema=MOVES),
        spend=pl.DataFrame([], schema=SPEND),
    )


def _round(n: int) -> dict[str, object]:
    reached = len(STAGES) - n % 7 if n % 7 < len(STAGES) else 1
    start = datetime(2026, 10, 1, tzinfo=UTC) + n * 5 * HOURS
    return {
        "lead_id": f"lead-{n}",
        "cycle": 1,
        "source": SOURCES[n % len(SOURCES)],
        "segment": "enterprise" if n % 3 else "mid-market",
        "owner": f"rep{n % 4}@example.com",
        "campaign": ("spring", "autumn")[n % 2],
        "team": ("inbound", "outbound")[n % 5 % 2],
        "standard": ("2026.3", "2026.4")[n % 3 % 2],
        "offered_at": start,
        "assigned_at": start + HOURS,
        "accepted_at": start + 9 * HOURS if reached > 1 else None,
        "state": "qualified" if reached > 2 else "accepted" if reached > 1 else "expired",
        **{f"{x}_at": start + p * 9 * HOURS for p, x in enumerate(STAGES[:reached])},
    }


@dataclass(frozen=True, slots=True)
class Steps:
    """A funnel as plain as can be: reached each stage, of those that became MQL."""

    id: str = "funnel"
    title: str = "From MQL to customer"
    dimensions: tuple[Dimension, ...] = (Dimension.SOURCE, Dimension.SEGMENT, Dimension.OWNER)

    def table(self, facts: Facts, scope: Scope, by: Dimension | None = None) -> Table:
        of = self._of(facts, scope)
        if by is None:
            rows = tuple(_row(x, x.upper(), of, f"{x}_at") for x in STAGES[1:])
        else:
            split = of.with_columns(pl.col(by.value).fill_null(UNKNOWN))
            parts = split.partition_by(by.value, as_dict=True, maintain_order=True)
            rows = tuple(_row(str(k), str(k), part, "sql_at") for (k,), part in parts.items())
        return Table(
            id=self.id,
            title=self.title,
            basis=Basis.COHORT,
            by=by,
            columns=(
                Column(id="leads", title="reached it", unit=Unit.LEADS, definition="reached"),
                Column(id="share", title="share of MQLs", unit=Unit.SHARE, definition="reached"),
            ),
            rows=rows,
            definitions=(
                Definition(
                    id="reached",
                    title="Reached",
                    says="How many of the period's MQLs came so far by now.",
                    numerator="leads that reached the stage",
                    denominator="leads that became MQL in the period",
                    basis=Basis.COHORT,
                    date="when it became MQL",
                    leaves_out=("moves that syncd took back",),
                ),
            ),
        )

    def leads(
        self, facts: Facts, scope: Scope, row: str, column: str, by: Dimension | None = None
    ) -> pl.DataFrame:
        if column not in {"leads", "share"} or (by is None and row not in STAGES):
            raise ValueError(f"no number {row}, {column}")
        of, at = self._of(facts, scope), f"{row}_at" if by is None else "sql_at"
        if by is not None:
            of = of.filter(pl.col(by.value).fill_null(UNKNOWN) == row)
        return of.filter(pl.col(at).is_not_null()).select("lead_id", "cycle", "mql_at", at)

    def _of(self, facts: Facts, scope: Scope) -> pl.DataFrame:
        return facts.rounds.filter(scope.chosen() & scope.within("mql_at"))


def _row(key: str, label: str, of: pl.DataFrame, at: str) -> Row:
    reached = of.get_column(at).drop_nulls().len()
    rate = Rate(reached, of.height)
    between = rate.interval
    share = Number(
        value=rate.share,
        n=reached,
        of=of.height,
        low=between.low if between else None,
        high=between.high if between else None,
        target=0.4,
        why="" if of.height else "nobody to count",
    )
    return Row(
        key=key, label=label, numbers={"leads": Number(value=reached, n=reached), "share": share}
    )


@dataclass(slots=True)
class FewViews:
    """Implements `Views`; what was done is kept in `done`."""

    known: Facts = field(default_factory=facts)
    measures: Mapping[str, Measure] = field(default_factory=lambda: {"funnel": Steps()})
    sections: Mapping[str, tuple[str, ...]] = field(
        default_factory=lambda: {"Funnel": ("funnel",), "Speed & promises": ()}
    )
    time_zone: str = "America/New_York"
    targets: Targets = field(default_factory=Targets)
    at: datetime = NOW
    open: int = 9
    ledger: tuple[str, ...] = ("funnel",)
    behind: timedelta = timedelta()
    done: list[tuple[Deed, str, str]] = field(default_factory=list)

    def now(self) -> datetime:
        return self.at

    @property
    def read_at(self) -> datetime:
        return self.at - self.behind

    def facts(self) -> Facts:
        return self.known

    def names(self, lead_ids: Sequence[str]) -> Mapping[str, str]:
        return {x: f"Ann {x} (Acme <b>AG</b>)" for x in lead_ids}

    def board(self) -> Sequence[OpenHandoff]:
        return [_handoff(n) for n in range(self.open)]

    def lead(self, lead_id: str) -> LeadStory | None:
        return story(lead_id) if lead_id.startswith("lead-") else None

    def find(self, text: str) -> Sequence[Found]:
        return [Found(lead_id="lead-1", name="Ann Lee (Acme)")] if "ann" in text else []

    def standard(self) -> StandardState:
        return StandardState(
            version="2026.4",
            in_force=False,
            reasons=("sales has not signed it",),
            facts=(("Review by", "2027-01-31"),),
            seals=(("marketing", "Mia Mark", "2026-09-01", "valid"), ("sales", "", "", "")),
            page='<!doctype html><meta http-equiv="Content-Security-Policy" '
            "content=\"default-src 'none'; style-src 'none'\"><title>Standard</title><p>Rules",
        )

    def reconciliations(self) -> Sequence[Reconciled]:
        return [Reconciled(period="2026-09", stage="mql", table=_gap())]

    def reconciled(
        self, number: ReconciledNumber, *, offset: int = 0, limit: int | None = None
    ) -> pl.DataFrame:
        """Whichever number: one record in a lead, one in none."""
        only = (_alone("101", LeadId("lead-1"), RecordId("00Q1")), _alone("102", None, None))
        return records_of((), only, CRM).drop("email").slice(offset, limit)

    def health(self) -> HealthState:
        return HealthState(
            sides=[
                SideHealth(
                    name="Salesforce", is_well=True, says="ok", read_through=NOW - HOURS / 60,
                    lag="1 min ago", calls="1,204 of our 15,000 in 24 h",
                ),
                SideHealth(
                    name="HubSpot", is_well=False, says="unreadable: 503",
                    read_through=NOW - HOURS, lag="1 h ago", calls="820 of our 50,000 in 24 h",
                ),
            ],
            counts=[("leads", 10_412), ("of them in both CRMs", 9_870), ("open handoffs", 9)],
            notices=[("held", "plan-7: 120 stage writes wait for approval")],
            contested=[Found(lead_id="lead-3", name="Ann Bell")],
            plans=["plan-7"],
        )  # fmt: skip

    def do(self, deed: Deed, target: str, *, by: str) -> None:
        if target == "lead-stuck":
            raise NotPossible("nothing is open for it")
        self.done.append((deed, target, by))


def _gap() -> Table:
    """Of two records, one in a lead; Salesforce counts none."""
    return table_of(
        Sums(
            stage=Stage.MQL,
            period="2026-09",
            time_zones={System.HUBSPOT: "Europe/Berlin", System.SALESFORCE: "America/New_York"},
            made_at=NOW,
            places={System.HUBSPOT: {"time-zone": 2}, System.SALESFORCE: {}},
        )
    )


def _alone(record_id: str, lead_id: LeadId | None, there: RecordId | None) -> Only:
    return Only(
        system=System.HUBSPOT,
        record_id=RecordId(record_id),
        at=NOW,
        reason=Reason.TIME_ZONE,
        detail="Salesforce has <b>1 October</b>",
        lead_id=lead_id,
        there=there,
    )


def _handoff(n: int) -> OpenHandoff:
    standing = tuple(Standing)[max(0, 2 - n // 3)]
    return OpenHandoff(
        lead_id=f"lead-{n}",
        name=f"Ann Lee {n} (Acme Holding)",
        owner="rita@example.com" if n else "",
        segment="enterprise",
        state="assigned",
        offered_at=NOW - n * HOURS,
        standing=standing,
        promise="accept it" if n % 2 else "get in touch",
        due_at=NOW + (n - 2) * 2 * HOURS,
    )


def _line(hours_ago: int, kind: str, says: str, *details: str) -> Happening:
    return Happening(at=NOW - hours_ago * HOURS, kind=kind, says=says, details=details)


def story(lead_id: str) -> LeadStory:
    return LeadStory(
        lead_id=lead_id,
        name="Ann Lee (Acme Holding)",
        stage="MQL",
        facts=("round 2", "recycled once"),
        records=(RecordLink(label="HubSpot contact 101", url="https://hub.example/1", state=""),),
        now=("It cools off: no MQL again before Tue 3 Mar 14:05.",),
        fields=(("stage", "MQL", "MQL"), ("country", "DE", "US")),
        field_heads=("HubSpot", "Salesforce"),
        clocks=(("Round 2: offered Tue 3 Mar 14:05", "accepted by Tue 3 Mar 16:05"),),
        timeline=(
            _line(30, "move", "Lead → MQL in HubSpot, by Mia Mark"),
            _line(30, "passes", "Judged at the MQL gate: passes", "met: company-size", "score 62"),
            _line(1, "fails", "Judged at the SQL gate: fails", "✗ budget-known: seen nothing"),
            _line(1, "effect", "Slack message: a promise runs out"),
        ),
        deeds=(Deed.ACCEPT, Deed.SNOOZE),
    )  # fmt: skip


def app_of(views: FewViews, access: Access) -> Starlette:
    """What stands behind the shield."""
    app = dashboard(views, access).app
    assert isinstance(app, Starlette)
    return app


def client(
    views: FewViews | None = None, access: Access | None = None, *, url: str = ""
) -> TestClient:
    app = dashboard(views or FewViews(), access or ThisMachine(), url=url)
    return TestClient(app, base_url=url or "http://127.0.0.1:8322", follow_redirects=False)


def passwords() -> Passwords:
    """Hashed cheaply: how much a hash costs stands in it."""
    cheap = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    return Passwords(hashes={Role.VIEWER: cheap.hash("see"), Role.OPERATOR: cheap.hash("act")})

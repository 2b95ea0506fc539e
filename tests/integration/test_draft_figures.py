"""Every figure that a proposal names as its evidence is the one that pandas counts from the CSV."""

import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml
from click.testing import CliRunner
from outcome_files import FIXTURES
from scipy import stats

from syncd.cli.standard import standard

SPAN = pd.Timedelta(days=180)
END_OF_DAY = pd.Timedelta(hours=23, minutes=59, seconds=59)


@pytest.fixture(scope="module")
def proposal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Drafted from the CSV with German headers, without any configuration."""
    home = tmp_path_factory.mktemp("drafted")
    given = {
        "--csv": FIXTURES / "leads.csv",
        "--map": FIXTURES / "map.yaml",
        "--config": home / "none",
        "--out": home / "proposal.yaml",
    }
    words = [str(x) for pair in given.items() for x in pair]
    CliRunner().invoke(standard, ["draft", *words], catch_exceptions=False)
    return given["--out"]


@pytest.fixture(scope="module")
def said(proposal: Path) -> str:
    """Its comments as running text."""
    lines = proposal.read_text(encoding="utf-8").splitlines()
    return " ".join(x.strip().removeprefix("# ") for x in lines)


@pytest.fixture(scope="module")
def leads() -> pd.DataFrame:
    """Those that had their time, with what was asked of each. Shares no code with the product."""
    sheet = _sheet()
    moved, decided = _last_second(sheet["Übergabe Vertrieb"]), _last_second(sheet["Abschluss"])
    asked = pd.DataFrame(
        {
            "moved_on": moved.dt.date,
            "won": (sheet["Ausgang"] == "Auftrag") & ~(decided > moved + SPAN),
            "Employees": _number(sheet["Köpfe"]),
            "Budget": _number(sheet["Rahmen"]),
            "Project": sheet["Projekt"] == "ja",
            "Sector": sheet["Sparte"],
            "silent": (moved.dt.tz_localize(None).dt.floor("D") - _day(sheet["Letzte Antwort"])),
        }
    )
    counted = asked[moved + SPAN <= max(moved.max(), decided.max())]
    upto = counted.groupby("moved_on").size().cumsum()
    last_older = upto[upto >= 0.7 * len(counted)].index[0]
    return counted.assign(newer=counted["moved_on"] > last_older)


def _sheet() -> pd.DataFrame:
    return pd.read_csv(
        FIXTURES / "leads.csv", sep=";", dtype=str, keep_default_na=False, encoding="utf-8-sig"
    )


def _day(cells: "pd.Series[str]") -> "pd.Series[pd.Timestamp]":
    return pd.to_datetime(cells, format="%d.%m.%Y", errors="coerce")


def _last_second(cells: "pd.Series[str]") -> "pd.Series[pd.Timestamp]":
    return (_day(cells) + END_OF_DAY).dt.tz_localize("Europe/Berlin").dt.tz_convert("UTC")


def _number(cells: "pd.Series[str]") -> "pd.Series[float]":
    plain = cells.str.replace(r"[ .€]", "", regex=True).str.replace(",", ".")
    return pd.to_numeric(plain, errors="coerce")


def _met(leads: pd.DataFrame, says: str) -> "pd.Series[bool]":
    if least := re.fullmatch(r"(Employees|Budget) is at least ([\d,]+)", says):
        return leads[least[1]] >= int(least[2].replace(",", ""))
    if span := re.fullmatch(r"Last answer on lies in the last (\d+) days", says):
        return leads["silent"].between(pd.Timedelta(0), pd.Timedelta(days=int(span[1])))
    if refused := re.fullmatch(r"Sector is not (.+) or (.+)", says):
        return ~leads["Sector"].isin(refused.groups())
    assert says == "Project is yes"
    return leads["Project"]


def _share(won: "pd.Series[bool]") -> str:
    return f"{100 * won.mean():.1f} % of {len(won)}"


def _wilson(won: "pd.Series[bool]") -> Any:
    return stats.binomtest(int(won.sum()), len(won)).proportion_ci(method="wilson")


def _contrast(met: "pd.Series[bool]", unmet: "pd.Series[bool]") -> str:
    """Of the difference it is Newcombe's interval."""
    p, q = met.mean(), unmet.mean()
    a, b = (_wilson(x) for x in (met, unmet))
    low = p - q - ((p - a.low) ** 2 + (b.high - q) ** 2) ** 0.5
    high = p - q + ((a.high - p) ** 2 + (q - b.low) ** 2) ** 0.5
    return (
        f"{_share(met)} won where met, {_share(unmet)} where not; lift ×{p / q:.2f}, difference "
        f"{100 * (p - q):+.1f} points, 95 % interval {100 * low:+.1f} to {100 * high:+.1f}, p "
    )


def _p(met: "pd.Series[bool]", unmet: "pd.Series[bool]") -> float:
    table = [[x.sum(), len(x) - x.sum()] for x in (met, unmet)]
    return float(stats.fisher_exact(table, alternative="greater").pvalue)


def test_the_evidence_of_every_condition_is_what_pandas_counts_among_the_newer_leads(
    said: str, proposal: Path, leads: pd.DataFrame
) -> None:
    newer = leads[leads["newer"]]
    rules = [x["says"] for x in yaml.safe_load(proposal.read_text(encoding="utf-8"))["rules"]]
    conditions = [*rules, *re.findall(r"Not confirmed: (.+?): parted", said)]

    sides = [(newer["won"][x], newer["won"][~x]) for x in (_met(newer, y) for y in conditions)]

    ps = stats.false_discovery_control([_p(*x) for x in sides])
    for side, p in zip(sides, ps, strict=True):
        assert f"{_contrast(*side)}{p:.2g}" in said
    assert (len(rules), len(conditions)) == (3, 5)


def test_what_the_older_leads_said_is_what_pandas_counts(
    said: str, proposal: Path, leads: pd.DataFrame
) -> None:
    older, newer = leads[~leads["newer"]], leads[leads["newer"]]
    rules = yaml.safe_load(proposal.read_text(encoding="utf-8"))["rules"]

    for rule in rules:
        is_met = _met(older, rule["says"])
        met, unmet = older["won"][is_met], older["won"][~is_met]
        lift = met.mean() / unmet.mean()
        assert f"lift ×{lift:.2f}, {_share(met)} against {_share(unmet)}." in said
    assert f"older 70 % ({_share(older['won'])} won, moved before" in said
    assert f"newer part alone ({_share(newer['won'])} won)" in said


def test_gates_and_bands_are_counted_as_pandas_counts_them(
    said: str, proposal: Path, leads: pd.DataFrame
) -> None:
    drafted = yaml.safe_load(proposal.read_text(encoding="utf-8"))
    newer = leads[leads["newer"]]
    met = pd.DataFrame({x["id"]: _met(newer, x["says"]) for x in drafted["rules"]})
    points = sum(met[x["rule"]] * x["points"] for x in drafted["score"]["points"])
    starts = [*(x["from"] for x in drafted["score"]["bands"].values()), 1000]

    for gate in drafted["gates"].values():
        some = gate.get("any", {"at_least": 0, "of": []})
        enough = met[some["of"]].sum(axis=1) >= some["at_least"]
        passing = met[gate.get("all", [])].all(axis=1) & enough
        won, lost = newer["won"][passing], newer["won"][~passing]
        assert f"{len(won)} pass ({100 * won.mean():.1f} % won) and {len(lost)} are stopped" in said
    for name, start, end in zip(drafted["score"]["bands"], starts, starts[1:], strict=False):
        assert f"{name} {_share(newer['won'][(points >= start) & (points < end)])}" in said


def test_exactly_the_column_that_only_winners_have_is_refused(said: str) -> None:
    sheet = _sheet()
    won, filled = sheet["Ausgang"] == "Auftrag", sheet["Rechnung Nr."] != ""

    words = f"{100 * filled[won].mean():.1f} % of {won.sum()} won leads and for "
    words += f"{100 * filled[~won].mean():.1f} % of {(~won).sum()} others"

    assert re.findall(r"Refused: (\w+): filled for (.+?):", said) == [("invoice", words)]

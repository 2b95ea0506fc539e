"""Read what was spent on each source, from YAML or CSV, with every mistake at its line.

Only reports use it: a mistake in it stops nobody's work, and no report. What is wrong is told
beside what could be read.
"""

import csv
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from io import StringIO
from pathlib import Path

from syncd.domain.targets import Spend
from syncd.settings.fitting import fit
from syncd.settings.problem import Mistake, Problem, shown
from syncd.settings.scalars import parse_month, parse_spent
from syncd.settings.spend_file import SpendFile
from syncd.settings.yaml_source import read_source, text_of

_COLUMNS = ("source", "month", "amount")
_HOW = "begin with the line source,month,amount"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """Where there are problems, `spends` is empty: a cost with a part left out would be wrong."""

    spends: tuple[Spend, ...] = ()
    problems: tuple[Problem, ...] = ()


def read_spend(path: Path | None) -> Spending:
    """Nothing where no file is named."""
    if path is None:
        return Spending()
    if not path.is_file():
        return _only(path, 1, 'there is no such file; write it, or take "spend" out of policy.yaml')
    return _from_csv(path) if path.suffix.lower() == ".csv" else _from_yaml(path)


def _from_yaml(path: Path) -> Spending:
    fitted = fit(read_source(path, str(path)), SpendFile)
    if fitted.problems or fitted.model is None:
        found = sorted(fitted.problems, key=lambda x: (x.line, x.column))
        return Spending(problems=tuple(dict.fromkeys(found)))
    return Spending(
        spends=tuple(
            Spend(source=source, month=month, amount=amount)
            for source, months in fitted.model.spend.items()
            for month, amount in months.items()
        )
    )


def _from_csv(path: Path) -> Spending:
    try:
        text = text_of(path).replace("\r\n", "\n").replace("\r", "\n")
    except Mistake as mistake:
        return _only(path, 1, str(mistake))
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.DictReader(StringIO(text), delimiter=delimiter)
    try:
        names = {name.strip().lower(): name for name in reader.fieldnames or ()}
        lacking = [name for name in _COLUMNS if name not in names]
        if lacking:
            return _only(path, 1, f'there is no column "{lacking[0]}"; {_HOW}')
        rows = [(reader.line_num, [(r[names[x]] or "").strip() for x in _COLUMNS]) for r in reader]
    except csv.Error as error:
        return _only(path, reader.line_num + 1, f"this line cannot be read ({error}); {_HOW}")
    return _of_rows(path, [(line, cells) for line, cells in rows if any(cells)])


def _of_rows(path: Path, rows: list[tuple[int, list[str]]]) -> Spending:
    lines: dict[tuple[str, date], int] = {}
    spends, problems = [], []
    for line, cells in rows:
        try:
            spend = _spend(cells)
            _only_once(lines, spend, line)
        except Mistake as mistake:
            problems.append(_problem(path, line, str(mistake)))
        else:
            spends.append(spend)
    return Spending(problems=tuple(problems)) if problems else Spending(spends=tuple(spends))


def _spend(cells: list[str]) -> Spend:
    source, month, amount = cells
    if not source:
        raise Mistake("there is no source", "write the one that was paid for")
    return Spend(source=source, month=parse_month(month), amount=_amount(amount))


def _amount(cell: str) -> float:
    try:
        return parse_spent(Decimal(cell))
    except InvalidOperation:
        raise Mistake(f"{shown(cell)} is not an amount", "write it as 1200 or 1200.50") from None


def _only_once(lines: dict[tuple[str, date], int], spend: Spend, line: int) -> None:
    before = lines.setdefault((spend.source, spend.month), line)
    if before != line:
        what = f'"{spend.source}" has this month on line {before} already'
        raise Mistake(what, "add the two up, or take one out")


def _problem(path: Path, line: int, message: str) -> Problem:
    return Problem(file=str(path), line=line, column=1, message=message)


def _only(path: Path, line: int, message: str) -> Spending:
    return Spending(problems=(_problem(path, line, message),))

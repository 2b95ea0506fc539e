"""Made-up leads with outcomes, as a CSV with its mapping and a standard to hold them against."""

import csv
import random
from datetime import date, timedelta
from pathlib import Path

HEADERS = (
    "Nr", "Kunde", "Uebergabe", "Ausgang", "Entschieden", "Wert", "Kanal", "Ausnahme",
    "Koepfe", "Rolle", "Rahmen", "Antwort", "Gebiet", "Vertrag",
)  # fmt: skip
MAP = """
lead: Nr
name: Kunde
moved_at: Uebergabe
outcome:
  column: Ausgang
  won: [ja]
  lost: [nein]
  rejected: [ungeeignet]
  recycled: [zurueck]
  open: [""]
decided_at: Entschieden
amount: Wert
source: Kanal
overridden: {column: Ausnahme, yes: [x]}
as_of: then
fields:
  heads: {column: Koepfe, type: integer}
  role: {column: Rolle, type: picklist, as_of: now}
  budget: {column: Rahmen, type: currency}
  answered_on: {column: Antwort, type: date}
  region: {column: Gebiet, type: picklist}
  contract: {column: Vertrag, type: string}
"""
STANDARD = """
version: "1"
review_by: 2030-01-01
rules:
  - {id: heads-50, kind: fit, says: Fifty people, field: heads, at_least: 50, fix: Ask.}
  - {id: decides, kind: commercial, says: Decides, field: role, is: decides, fix: Ask.}
  - {id: budget-10k, kind: commercial, says: Money, field: budget, at_least: 10000, fix: Ask.}
  - id: answered
    kind: behaviour
    says: Answered lately
    field: answered_on
    within: {last: 30 days}
    fix: Wait.
  - {id: known-region, kind: fit, says: A region, field: region, present: true, fix: Ask.}
score:
  points:
    - {rule: heads-50, points: 30}
    - {rule: known-region, points: 15}
    - {rule: answered, points: 25}
  bands:
    nurture: {from: 0}
    warm: {from: 25}
    sales-ready: {from: 60}
gates:
  mql: {all: [heads-50]}
  sql:
    all: [decides]
    any: {at_least: 2, of: [heads-50, budget-10k, answered]}
    score: warm
variants:
  - name: north
    when: {field: region, is: north}
    gates:
      sql: {all: [heads-50, answered]}
"""
START, EXPORTED = date(2023, 1, 1), date(2024, 10, 1)


def write_world(home: Path, *, seed: int, leads: int) -> None:
    draw = random.Random(seed)
    home.mkdir(exist_ok=True)
    (home / "map.yaml").write_text(MAP, encoding="utf-8")
    (home / "standard.yaml").write_text(STANDARD, encoding="utf-8")
    with (home / "leads.csv").open("w", encoding="utf-8", newline="") as file:
        sheet = csv.writer(file)
        sheet.writerow(HEADERS)
        sheet.writerows(_lead(number, draw) for number in range(leads))


def _lead(number: int, draw: random.Random) -> tuple[object, ...]:
    moved = START + timedelta(days=draw.randrange(600))
    heads = "" if draw.random() < 0.1 else "many" if draw.random() < 0.05 else draw.randrange(150)
    role = draw.choice(("decides", "uses", ""))
    budget = "" if draw.random() < 0.2 else draw.randrange(0, 30_000, 500)
    answer = moved - timedelta(days=draw.randrange(90)) if draw.random() < 0.8 else ""
    chance = 0.1 + 0.2 * (role == "decides") + 0.15 * (isinstance(heads, int) and heads >= 50)
    outcome = "ja" if draw.random() < chance else draw.choice(("nein", "ungeeignet", "zurueck", ""))
    decided = moved + timedelta(days=draw.randrange(250))
    if decided > EXPORTED:
        outcome = ""
    undated = draw.random() < 0.05
    return (
        f"L{number}", f"Kunde {number}", moved, outcome, "" if undated or not outcome else decided,
        draw.randrange(1000, 90_000) if outcome == "ja" and draw.random() < 0.9 else "",
        draw.choice(("web", "fair", "")), "x" if draw.random() < 0.1 else "",
        heads, role, budget, answer, draw.choice(("north", "south", "east", "")),
        f"C{number}" if outcome == "ja" else "",
    )  # fmt: skip

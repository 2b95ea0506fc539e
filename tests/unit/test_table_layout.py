"""How pages lay tables out: no number is lost, months before the first are."""

from collections.abc import Sequence

from syncd.measure.facts import Dimension
from syncd.measure.layout import blocks, from_the_first_month
from syncd.measure.tables import Basis, Column, Definition, Number, Row, Table, Unit

HEADINGS = ("leads", "share", "rest", "rest of all")
MONTHS = ("2026-08", "2026-09", "2026-10")
NONE, SOME = Number(value=0, n=0), Number(value=4, n=4)
NOBODY = Number(value=None, n=0, of=0, why="nothing to count")


def column(name: str, title: str = "", meaning: str = "leads") -> Column:
    return Column(id=name, title=title or name, unit=Unit.LEADS, definition=meaning)


def definition(name: str) -> Definition:
    return Definition(
        id=name, title=f"Steps: {name}", says="", numerator="", denominator="",
        basis=Basis.COHORT, date="",
    )  # fmt: skip


def table(rows: Sequence[Row], columns: Sequence[Column], by: Dimension | None = None) -> Table:
    return Table(
        id="steps", title="Steps", basis=Basis.COHORT, by=by, columns=tuple(columns),
        rows=tuple(rows), definitions=tuple(map(definition, HEADINGS)),
    )  # fmt: skip


def by_month(*numbers: Number) -> Table:
    rows = [Row(key=x, label=x, numbers={"n": n}) for x, n in zip(MONTHS, numbers, strict=True)]
    return table(rows, [column("n")])


def of_words(*numbers: Number) -> Table:
    one = Row(key="price", label="price", numbers=dict(zip(MONTHS, numbers, strict=True)))
    return table([one], list(map(column, MONTHS)))


def split(lines: Sequence[str], headings: Sequence[str]) -> Table:
    columns = [column(f"{x}.{y}", f"{x}: {y}", y) for x in lines for y in headings]
    return table([], columns, Dimension.OWNER)


def test_months_before_anything_was_counted_are_left_out_and_it_is_said() -> None:
    found = from_the_first_month(by_month(NOBODY, SOME, NONE))

    assert [x.key for x in found.rows] == ["2026-09", "2026-10"]
    assert found.notes == ("Nothing was counted before 2026-09.",)


def test_months_that_are_columns_are_left_out_likewise() -> None:
    found = from_the_first_month(of_words(NONE, SOME, NONE))

    assert [x.id for x in found.columns] == ["2026-09", "2026-10"]


def test_the_last_month_stays_though_nothing_was_counted() -> None:
    assert [x.key for x in from_the_first_month(by_month(NONE, NONE, NONE)).rows] == ["2026-10"]
    assert [x.id for x in from_the_first_month(of_words(NONE, NONE, NONE)).columns] == ["2026-10"]


def test_a_table_with_something_in_its_first_month_stays_as_it_is() -> None:
    whole = by_month(SOME, NONE, NONE)

    assert from_the_first_month(whole) is whole


def test_rows_that_are_no_months_stay_though_empty() -> None:
    whole = table([Row(key="mql", label="MQL", numbers={"n": NONE})], [column("n")])

    assert from_the_first_month(whole) is whole


def test_a_wide_split_stands_in_a_block_for_each_heading() -> None:
    found = blocks(split(("MQL", "SAL", "SQL"), ("leads", "share", "rest")))

    assert [x.title for x in found] == ["leads", "share", "rest"]
    assert [x.title for x in found[1].columns] == ["MQL", "SAL", "SQL"]
    assert [x.id for x in found[1].columns] == ["MQL.share", "SAL.share", "SQL.share"]


def test_with_fewer_lines_than_headings_it_stands_in_a_block_for_each_line() -> None:
    lines = ("Owner: until accepted", "Together: all")

    found = blocks(split(lines, HEADINGS))

    assert [x.title for x in found] == list(lines)
    assert [x.title for x in found[0].columns][:3] == ["leads", "share", "rest"]


def test_what_fits_and_what_is_not_split_stands_together() -> None:
    narrow, whole = split(("MQL", "SAL"), ("leads",)), table([], [column(x) for x in "abcdefghi"])

    assert [x.columns for x in (*blocks(narrow), *blocks(whole))] == [narrow.columns, whole.columns]

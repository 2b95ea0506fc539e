"""Only what both teams signed may block: a comment keeps the signatures, a changed threshold
voids them, and the running worker says so and moves nobody back until it is signed again."""

import re
from collections.abc import Iterator

import pytest
from box import MINUTE, Box, box
from click.testing import CliRunner

from syncd.cli import main as entry

LET_GO = ("Sales Qualified", "salesqualifiedlead", "")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    with box(tmp_path_factory.mktemp("signed")) as made:
        yield made


def edit(made: Box, before: str, after: str) -> None:
    path = made.source.config_dir / "standard.yaml"
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")
    made.cycle()


def moved_to_sql(made: Box, name: str) -> tuple[str, str, str]:
    """Where a lead is that a rep makes SQL without need and budget, once its grace is over."""
    person = made.offered(name)
    made.rep_sets(person, Status="Sales Qualified")
    made.cycles(9)
    return made.stages(person)


def sign(made: Box, team: str, name: str) -> str:
    words = ["standard", "sign", "--as", team, "--name", name, "--yes"]
    result = CliRunner().invoke(entry.cli, [*words, "--config", str(made.source.config_dir)])
    assert result.exit_code == 0, result.output + str(result.exception)
    made.cycle()
    return result.output


def told(made: Box) -> list[str]:
    """What Slack shows of the standard now, as plain text."""
    shown = [str(message.blocks) for message in made.world.slack.messages]
    return [text for text in shown if "The standard is not in force" in text]


def test_signed_blocks_a_comment_changes_nothing_a_threshold_unsigns_signing_blocks_again(
    world: Box,
) -> None:
    assert moved_to_sql(world, "first")[0] != "Sales Qualified"

    edit(world, "gates:\n", "# what must be met\ngates:\n")
    assert moved_to_sql(world, "second")[0] != "Sales Qualified"
    assert told(world) == []

    edit(world, "at_least: 50", "at_least: 60")
    assert moved_to_sql(world, "third") == LET_GO
    (alert,) = told(world)
    assert "Ada Moreau signed for marketing on 5 Jan 2026 for another content" in alert
    assert "syncd standard sign --as marketing" in alert
    assert "Resolved" not in alert

    assert "not in force yet" in sign(world, "marketing", "Ada Moreau")
    sign(world, "sales", "Cleo Bauer")
    world.cycle(MINUTE)
    assert all(re.search("Resolved", text) for text in told(world))
    assert moved_to_sql(world, "fourth")[0] != "Sales Qualified"

"""`syncd alerts` as an admin types it, over HTTP and disk."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from cli_office import Office, office, page, syncd


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Ann was offered to sales, and that was told."""
    home: Path = tmp_path_factory.mktemp("office")
    with office(home) as opened:
        ann = opened.arrive("ann")
        opened.cycles(2)
        opened.offer(ann)
        opened.cycles(2)
        opened.go_home()
        yield opened


def short(made: Office) -> str:
    """The short id of the handoff's alert."""
    (line,) = [x for x in page(made, "alerts").splitlines() if "handoff:" in x]
    return line.split()[0]


def test_alerts_are_listed_with_what_was_decided(made: Office) -> None:
    (line,) = [x for x in page(made, "alerts").splitlines() if "handoff:" in x]

    assert "  sent    #sales  handoff: Ann Lee (Acme [Holding]): " in line


def test_why_an_alert_was_sent_is_told_by_its_short_id(made: Office) -> None:
    told = page(made, "alerts", "why", short(made)[:6])

    assert told.startswith("handoff to #sales: Ann Lee (Acme [Holding]): ")
    assert "\n  alert:handoff:" in told
    assert ": it is for one person, and few of its kind went to its channel lately" in told


def test_why_is_told_to_programs_by_the_whole_key(made: Office) -> None:
    key = json.loads(page(made, "alerts", "--json"))["alerts"][0]["key"]

    found = json.loads(page(made, "alerts", "why", key, "--json"))

    assert (found["key"], found["state"], found["why"]) == (key, "sent", "alone")


@pytest.mark.parametrize("named", ["zzzz", ""])
def test_an_alert_nobody_knows_is_answered_with_the_next_step(made: Office, named: str) -> None:
    result = syncd(made, "alerts", "why", named)

    assert result.exit_code == 1
    assert "`syncd alerts` lists the latest" in str(result.exception)


def test_a_silence_is_placed_listed_and_lifted(made: Office) -> None:
    words = ["--kind", "twin", "--channel", "revops", "--for", "8h"]
    placed = page(made, "alerts", "silence", *words, "--reason", "moving", "--by", "Ada")
    name = placed.split("unsilence ")[1].split("`")[0]
    listed = page(made, "alerts")

    lifted = page(made, "alerts", "unsilence", name[:5], "--by", "Bo")

    assert placed.startswith("Silent from now on: alerts twin to #revops until ")
    assert f"silence {name}: alerts twin to #revops until " in listed
    assert ", by Ada: moving" in listed
    assert lifted.startswith("Lifted: alerts twin to #revops until ")
    assert name not in page(made, "alerts")


def test_a_silence_about_one_lead_names_it(made: Office) -> None:
    placed = page(
        made, "alerts", "silence", "--lead", "ann@acme.example", "--for", "1 day", "--reason", "x"
    )

    assert placed.startswith("Silent from now on: alerts about lead ld_")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--for", "8h"], "say which alerts: give --kind, --channel or --lead"),
        (["--kind", "twin", "--for", "8"], '--for 8: "8" is not a span of time; write one such'),
        (["--kind", "twin", "--for", "200 days"], "write a time of up to 90 days, such as 8h"),
        (["--channel", "nowhere", "--for", "8h"], 'no channel "nowhere" in crm.yaml; there are'),
    ],
)
def test_a_silence_that_cannot_be_is_refused_in_words(
    made: Office, words: list[str], says: str
) -> None:
    result = syncd(made, "alerts", "silence", *words, "--reason", "x")

    assert result.exit_code == 1
    assert says in str(result.exception)


def test_a_silence_that_is_not_in_force_cannot_be_lifted(made: Office) -> None:
    result = syncd(made, "alerts", "unsilence", "nothing")

    assert result.exit_code == 1
    assert "no silence in force begins with 'nothing'" in str(result.exception)

"""Slack messages as the demo draws them: what people would see, and nothing of the markup."""

import pytest
from rich.console import Console, RenderableType

from syncd.cli.demo.drawn import Folded, message, thread
from syncd.cli.demo.form import form
from syncd.cli.demo.mrkdwn import as_text
from syncd.sandbox.slack.forms import View
from syncd.sandbox.slack.things import Json, Message, Post
from syncd.sandbox.slack.workspace import Workspace
from syncd.sandbox.world import World

_SECTION = {
    "type": "section",
    "text": {"type": "mrkdwn", "text": "*Why*\n• one &amp; only\n• " + "word " * 20},
    "fields": [
        {"type": "mrkdwn", "text": "*Score*\n59"},
        {"type": "mrkdwn", "text": "*Owner*\nann@example.com"},
    ],
}
_BLOCKS: list[Json] = [
    {"type": "header", "text": {"type": "plain_text", "text": "New MQL for sales: Jane Doe"}},
    _SECTION,
    {
        "type": "actions",
        "elements": [
            {"type": "button", "text": {"type": "plain_text", "text": "Accept"}},
            {"type": "button", "text": {"type": "plain_text", "text": "Reject…"}},
        ],
    },
    {"type": "context", "elements": [{"type": "mrkdwn", "text": "<https://x.example|Open>"}]},
]


def drawn(*parts: RenderableType, width: int = 60) -> list[str]:
    console = Console(width=width)
    with console.capture() as capture:
        console.print(*parts, sep="\n")
    return [line.rstrip() for line in capture.get().splitlines()]


def workspace() -> Workspace:
    slack = World().slack
    slack.add_channel("sales")
    return slack


def posted(slack: Workspace, blocks: list[Json], thread_ts: str | None = None) -> Message:
    return slack.post("#sales", Post(text="x", blocks=blocks, thread_ts=thread_ts), slack.bot)


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("*Next step:* wait", "Next step: wait"),
        ("a &lt;b&gt; &amp; c", "a <b> & c"),
        ("For <@U1>", "For @Ann Lee"),
        ("<https://x.example/1?a=b|Open it>", "Open it"),
        ("<https://x.example>", "https://x.example"),
        ("<!date^1794234300^{date_short_pretty} {time}|2026-11-09 14:25 UTC>", "Mon 09:25"),
        ("2 * 3 and 4 * 5", "2 * 3 and 4 * 5"),
    ],
)
def test_markup_reads_as_people_see_it(markup: str, words: str) -> None:
    assert as_text(markup, {"U1": "Ann Lee"}.__getitem__).plain == words


def test_a_message_shows_its_sender_its_parts_and_its_buttons() -> None:
    slack = workspace()

    lines = drawn(message(slack, posted(slack, _BLOCKS)))

    assert lines[0].startswith("▎ syncd  ")
    assert lines[1] == "▎ New MQL for sales: Jane Doe"
    assert "▎ • one & only" in lines
    assert lines[-2:] == ["▎ [ Accept ] [ Reject… ]", "▎ Open"]


def test_what_follows_a_bullet_stays_to_the_right_of_it() -> None:
    slack = workspace()

    lines = drawn(message(slack, posted(slack, _BLOCKS)))

    wrapped = next(n for n, line in enumerate(lines) if line.startswith("▎ • word")) + 1
    assert lines[wrapped].startswith("▎   word")


def test_fields_stand_side_by_side() -> None:
    slack = workspace()

    lines = drawn(message(slack, posted(slack, _BLOCKS)))

    heads = next(n for n, line in enumerate(lines) if "Score" in line)
    assert lines[heads].split() == ["▎", "Score", "Owner"]
    assert lines[heads + 1].split() == ["▎", "59", "ann@example.com"]


def test_a_message_that_was_changed_says_so() -> None:
    slack = workspace()
    said = posted(slack, _BLOCKS)
    status = {"type": "section", "text": {"type": "mrkdwn", "text": "*Accepted by Ann*"}}
    slack.update(said.channel, said.ts, Post(text="x", blocks=[status]), slack.bot)

    lines = drawn(message(slack, said))

    assert lines[0].endswith("(edited)")
    assert lines[1:] == ["▎ Accepted by Ann"]


def test_answers_in_a_thread_are_indented_below_its_first_message() -> None:
    slack = workspace()
    first = posted(slack, _BLOCKS)
    posted(slack, [_BLOCKS[0]], thread_ts=first.ts)
    posted(slack, [_BLOCKS[0]])

    lines = drawn(*thread(slack, first))

    assert [line for line in lines if line.startswith("    ▎")] == [
        line for line in lines if line.startswith("    ")
    ]
    assert lines[-1] == "    ▎ New MQL for sales: Jane Doe"
    assert sum("syncd" in line for line in lines) == 2


@pytest.mark.parametrize("most", [5, 8])
def test_a_long_message_is_folded_in_the_middle(most: int) -> None:
    slack = workspace()
    said = message(slack, posted(slack, _BLOCKS))

    lines = drawn(Folded(said, most))

    assert len(lines) == most
    assert lines[0].startswith("▎ syncd")
    assert "▎ …" in lines
    assert lines[-2:] == ["▎ [ Accept ] [ Reject… ]", "▎ Open"]


def test_a_message_that_fits_is_not_folded() -> None:
    slack = workspace()
    said = message(slack, posted(slack, _BLOCKS))

    assert drawn(Folded(said, 40)) == drawn(said)


def test_a_form_shows_the_words_of_what_was_chosen_and_what_was_left_empty() -> None:
    chosen = {"value": "bad-timing", "text": {"type": "plain_text", "text": "Bad timing"}}
    element = {"type": "static_select", "action_id": "answer", "options": [chosen]}
    typed = {"type": "plain_text_input", "action_id": "answer"}
    view = View(
        id="V1",
        user_id="U1",
        says={
            "title": {"type": "plain_text", "text": "Reject this lead"},
            "submit": {"type": "plain_text", "text": "Reject"},
            "blocks": [
                {
                    "type": "input",
                    "block_id": "reason",
                    "label": {"type": "plain_text", "text": "Why?"},
                    "element": element,
                },
                {
                    "type": "input",
                    "block_id": "note",
                    "label": {"type": "plain_text", "text": "Anything else?"},
                    "element": typed,
                    "optional": True,
                },
            ],
        },
    )

    lines = drawn(form(view, {"reason": "bad-timing"}), width=80)

    inside = [line.strip("│ ") for line in lines]
    assert "Reject this lead" in lines[0]
    assert inside[1:5] == ["Why?", "Bad timing", "Anything else?  (optional)", "–"]
    assert inside[5] == "[ Cancel ]  [ Reject ]"

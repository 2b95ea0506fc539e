"""What a note's body says, whatever is put into it."""

from dataclasses import replace
from datetime import UTC, datetime

from syncd.adapters.hubspot.notes import LONGEST_BODY, note_html
from syncd.domain.action import AddNote
from syncd.domain.names import ActionKey, LeadId, RecordId, System

NOTE = AddNote(
    key=ActionKey("note-1"),
    lead_id=LeadId("lead-1"),
    system=System.HUBSPOT,
    record_id=RecordId("1"),
    record_kind="contact",
    mark="syncd tr_1",
    title="Moved back",
    lines=("one", "two"),
    at=datetime(2026, 3, 2, tzinfo=UTC),
    cause=None,
)


def test_a_note_has_its_title_its_lines_and_its_mark() -> None:
    assert note_html(NOTE) == (
        "<p><strong>Moved back</strong></p><p>one</p><p>two</p><p>syncd tr_1</p>"
    )


def test_nothing_in_a_note_is_markup() -> None:
    note = replace(NOTE, title="<script>", lines=("<img src=x>", 'a & "b"'), mark="<m>")

    assert note_html(note) == (
        "<p><strong>&lt;script&gt;</strong></p><p>&lt;img src=x&gt;</p>"
        "<p>a &amp; &quot;b&quot;</p><p>&lt;m&gt;</p>"
    )


def test_a_note_too_long_for_hubspot_loses_lines_but_never_its_mark() -> None:
    body = note_html(replace(NOTE, lines=("&" * 5_000,) * 20))

    assert len(body) <= LONGEST_BODY
    assert body.endswith("<p>…</p><p>syncd tr_1</p>")

"""Lay alerts out in Block Kit, within Slack's limits. Pure: mentions come in ready-made.

One alert gets the whole page: what happened, why, what to do next, the facts, the links.
Several of one kind share a message with one line each.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from syncd.adapters.slack.text import link, moment, plain
from syncd.domain.alert import Alert, AlertKind

HEADER_LIMIT = 150
_EMOJI_ROOM = 5
SECTION_LIMIT = 3000
FIELD_LIMIT = 400  # Slack takes 2000; nobody reads them side by side
FIELDS_PER_SECTION = 10
LINE_LIMIT = 500
SUMMARY_LIMIT = 250
GROUP_LINES = 20
BLOCKS_LIMIT = 50
TEXT_LIMIT = 3000

Block = dict[str, Any]

_LOOKS: Mapping[AlertKind, tuple[str, str]] = {
    AlertKind.HANDOFF: ("🤝", "leads handed to sales"),
    AlertKind.BLOCKED: ("⛔", "moves taken back"),
    AlertKind.FLAGGED: ("🚩", "moves that do not meet the standard"),
    AlertKind.ESCALATED: ("❗", "moves that cannot be taken back"),
    AlertKind.QUALIFIES: ("✅", "leads that qualify now"),
    AlertKind.SLA_WARNING: ("⏳", "deadlines close by"),
    AlertKind.SLA_BREACH: ("⏰", "deadlines missed"),
    AlertKind.RECYCLED: ("♻️", "leads sent back to nurture"),
    AlertKind.CONTESTED: ("⚔️", "leads somebody keeps moving back"),
    AlertKind.CONFLICT: ("⚖️", "conflicting edits"),
    AlertKind.HELD_PLAN: ("✋", "plans waiting for approval"),
    AlertKind.BLIND: ("🙈", "CRMs that cannot be read"),
    AlertKind.CONFIG: ("🔧", "problems with the configuration"),
    AlertKind.UNSIGNED: ("🖋️", "standards not in force"),
    AlertKind.BUDGET: ("⛽", "CRMs whose API calls run low"),
    AlertKind.CONNECTOR: ("🔌", "fields the native connector moves"),
    AlertKind.GIVEN_UP: ("🛑", "writes given up"),
    AlertKind.TWIN: ("👥", "records that may be there already"),
    AlertKind.DRIFTED: ("🧭", "changes that reading had missed"),
    AlertKind.ERASED: ("🕊️", "people erased in one CRM"),
    AlertKind.REASSIGNED: ("🔁", "leads given to somebody else"),
    AlertKind.REPLANNED: ("📅", "deadlines counted anew"),
    AlertKind.WAIVER_ASKED: ("🙋", "waivers asked for"),
    AlertKind.WAIVER_ANSWERED: ("📜", "waivers answered"),
    AlertKind.DIGEST: ("📰", "digests"),
    AlertKind.MEETING: ("🤝", "joint meetings"),
    AlertKind.REVIEW: ("🗓️", "reviews of the standard"),
}
_MORNING = ("🌅", "alerts that waited for the morning")
_TOLD = frozenset({AlertKind.DIGEST, AlertKind.MEETING})
"""They tell what there is; nothing happened that has a reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """`text` is what notifications and screen readers get."""

    text: str
    blocks: tuple[Block, ...]


def lay_out(
    alerts: Sequence[Alert], mentions: Mapping[str, str], foot: Sequence[Block] = ()
) -> Message:
    """One message for alerts of one kind (at least one), or of several after quiet hours.
    `mentions` are Slack's mentions by canonical owner; an owner without one is named in words.
    `foot` stands below one alert, and below a group not at all."""
    if len(alerts) == 1:
        return _single(alerts[0], mentions, foot)
    return _grouped(alerts, mentions)


def answered(
    alert: Alert, mentions: Mapping[str, str], status: str, left: Sequence[Block]
) -> Message:
    """An alert with what became of it. It asks for something only as long as it has answers
    left, which go into `left` where they can be clicked."""
    line = _section([f"*{plain(status, limit=LINE_LIMIT).replace('*', '∗')}*"])
    asked = alert if alert.acts else replace(alert, next_step="")
    return lay_out([asked], mentions, [line, *left])


def _single(alert: Alert, mentions: Mapping[str, str], foot: Sequence[Block]) -> Message:
    emoji, _ = _LOOKS[alert.kind]
    body = [
        _header(f"{emoji} {alert.title}"),
        *_sections(_body(alert, mentions)),
        *_fields(alert.facts),
    ]
    end = [*foot, _context(_footer(alert))]
    return Message(
        text=plain(f"{emoji} {alert.summary or alert.title}", limit=TEXT_LIMIT),
        blocks=tuple(body[: BLOCKS_LIMIT - len(end)] + end),
    )


def _grouped(alerts: Sequence[Alert], mentions: Mapping[str, str]) -> Message:
    kinds = {alert.kind for alert in alerts}
    emoji, what = _LOOKS[alerts[0].kind] if len(kinds) == 1 else _MORNING
    title = f"{emoji} {len(alerts)} {what}"
    lines = [_line(alert, mentions) for alert in alerts[:GROUP_LINES]]
    if len(alerts) > GROUP_LINES:
        lines.append(f"… and {len(alerts) - GROUP_LINES} more")
    latest = max(alert.at for alert in alerts)
    blocks = (_header(title), *_sections(lines), _context(moment(latest)))
    return Message(text=plain(title, limit=TEXT_LIMIT), blocks=blocks)


def _body(alert: Alert, mentions: Mapping[str, str]) -> Iterator[str]:
    """The lines of one alert, whole sentences first."""
    if alert.to:
        yield f"For {_named(alert.to, mentions)}"
    if len(alert.title) > HEADER_LIMIT - _EMOJI_ROOM:  # the header may have cut it
        yield plain(alert.title, limit=LINE_LIMIT)
    if alert.why:
        yield "*In short*" if alert.kind in _TOLD else "*Why*"
        yield from (f"• {plain(why, limit=LINE_LIMIT)}" for why in alert.why)
    if alert.next_step:
        yield f"*Next step:* {plain(alert.next_step, limit=LINE_LIMIT)}"


def _line(alert: Alert, mentions: Mapping[str, str]) -> str:
    line = f"• {plain(alert.summary or alert.title, limit=SUMMARY_LIMIT)}"
    if alert.to:
        line += f" · {_named(alert.to, mentions)}"
    if alert.links:
        line += f" · {link(alert.links[0].label, alert.links[0].url)}"
    return line


def _footer(alert: Alert) -> str:
    return " · ".join([*(link(x.label, x.url) for x in alert.links), moment(alert.at)])


def _named(owner: str, mentions: Mapping[str, str]) -> str:
    return mentions.get(owner) or plain(owner.removeprefix("queue:"), limit=100)


def _header(text: str) -> Block:
    """Plain text without emoji codes: ":x:" in a company's name stays what it is."""
    words = plain(text, limit=HEADER_LIMIT)
    return {"type": "header", "text": {"type": "plain_text", "text": words, "emoji": False}}


def _sections(lines: Iterable[str]) -> Iterator[Block]:
    """As many sections as the lines need; a line is never torn."""
    room: list[str] = []
    for line in lines:
        if room and sum(map(len, room)) + len(room) + len(line) > SECTION_LIMIT:
            yield _section(room)
            room = []
        room.append(line)
    if room:
        yield _section(room)


def _section(lines: Sequence[str]) -> Block:
    return {"type": "section", "text": _markup("\n".join(lines))}


def _fields(facts: Sequence[tuple[str, str]]) -> Iterator[Block]:
    texts = [
        _markup(f"*{plain(label, limit=75)}*\n{plain(value, limit=FIELD_LIMIT) or '–'}")
        for label, value in facts
    ]
    for start in range(0, len(texts), FIELDS_PER_SECTION):
        yield {"type": "section", "fields": texts[start : start + FIELDS_PER_SECTION]}


def _context(text: str) -> Block:
    return {"type": "context", "elements": [_markup(text)]}


def _markup(text: str) -> Block:
    """`verbatim` keeps Slack from making links and mentions out of mere words."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}

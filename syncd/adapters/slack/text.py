"""Plain words into Slack's markup: escaped, on one line, within Slack's lengths.

CRM text goes through here and nowhere else, so that no record can ping a channel,
forge a link or break a message.
"""

from datetime import datetime
from urllib.parse import quote

_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_ELLIPSIS = "…"


def plain(text: str, *, limit: int) -> str:
    """`text` on one line, escaped, cut so that no more than `limit` characters are sent.
    An escape is never cut in two."""
    pieces = [_ESCAPES.get(c, c) for c in " ".join(text.split())]
    if sum(map(len, pieces)) <= limit:
        return "".join(pieces)
    kept, room = [], limit - len(_ELLIPSIS)
    for piece in pieces:
        room -= len(piece)
        if room < 0:
            break
        kept.append(piece)
    return "".join(kept) + _ELLIPSIS


def cut(text: str, *, limit: int) -> str:
    """For where Slack reads no markup: as it is, on one line, cut to fit."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - len(_ELLIPSIS)] + _ELLIPSIS


def link(label: str, url: str) -> str:
    """A link; whatever could end it early is encoded."""
    target = quote(url, safe=":/?#[]@!$&'()*+,;=%~").replace("&", "&amp;")
    return f"<{target}|{plain(label, limit=75).replace('|', '¦')}>"


def moment(at: datetime) -> str:
    """An instant each reader sees in their own time zone."""
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}} {{time}}|{at:%Y-%m-%d %H:%M} UTC>"

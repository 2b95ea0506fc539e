"""Makes HTML of templates. The only place that knows Jinja."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from urllib.parse import quote_plus
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse

from syncd.adapters.web.sessions import Session
from syncd.adapters.web.views import Happening
from syncd.measure.layout import blocks
from syncd.measure.number_words import (
    heading_unit,
    interval_words,
    is_blank,
    number_words,
    of_words,
    target_words,
    unit_words,
)
from syncd.measure.table_plots import plot_caption

NAV = (
    ("overview", "Overview", "/"),
    ("funnel", "Funnel", "/funnel"),
    ("handoffs", "Handoffs", "/handoffs"),
    ("leads", "Leads", "/leads"),
    ("standard", "Standard", "/standard"),
    ("reconciliation", "Reconciliation", "/reconciliation"),
    ("health", "Health", "/health"),
)


_ACRONYMS = frozenset({"mql", "sal", "sql"})


class Pages:
    """`mark` is put into the addresses of style and script: it changes with them."""

    def __init__(self, time_zone: str, mark: str) -> None:
        self._zone = ZoneInfo(time_zone)
        self._environment = Environment(
            loader=PackageLoader("syncd.adapters.web", "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters |= {
            "when": self._when,
            "day": self._day,
            "hour": self._hour,
            "number": number_words,
            "interval": interval_words,
            "of": of_words,
            "unit": unit_words,
            "heading_unit": heading_unit,
            "target": target_words,
            "heading": _heading,
            "quoted": quote_plus,
            "plain": self._plain,
            "distance": distance,
            "by_day": self._by_day,
            "drawing": Markup,
            "caption": plot_caption,
            "blocks": blocks,
        }
        self._environment.tests |= {"blank": is_blank}
        self._environment.globals |= {"nav": NAV, "zone": time_zone, "mark": mark}

    def page(
        self, template: str, *, session: Session | None, status: int = 200, **content: Any
    ) -> HTMLResponse:
        text = self._environment.get_template(template).render(session=session, **content)
        return HTMLResponse(text, status_code=status)

    def _when(self, instant: datetime | None) -> str:
        return "never" if instant is None else f"{self._there(instant):%-d %b %Y, %H:%M}"

    def _plain(self, value: object) -> str:
        if isinstance(value, datetime):
            return self._when(value)
        if isinstance(value, list):
            return ", ".join(map(str, value))
        return "–" if value is None else str(value)

    def _by_day(self, lines: Iterable[Happening]) -> list[tuple[str, list[Happening]]]:
        return [(day, list(x)) for day, x in groupby(lines, key=lambda x: self._day(x.at))]

    def _day(self, instant: datetime) -> str:
        return f"{self._there(instant):%a %-d %b %Y}"

    def _hour(self, instant: datetime) -> str:
        return f"{self._there(instant):%H:%M}"

    def _there(self, instant: datetime) -> datetime:
        return instant.astimezone(self._zone)


def _heading(name: str) -> str:
    """A column of the facts as people say it: `MQL at`, and `Round`."""
    if name == "cycle":
        return "Round"
    words = name.split("_")
    first = words[0].upper() if words[0] in _ACRONYMS else words[0].capitalize()
    return " ".join((first, *words[1:]))


def distance(instant: datetime, now: datetime) -> str:
    """`in 2 h 5 min`, `40 min ago`."""
    span = abs(instant - now)
    words = _span(span)
    return f"in {words}" if instant > now else f"{words} ago"


def _span(span: timedelta) -> str:
    minutes = int(span.total_seconds()) // 60
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{hours // 24} days"

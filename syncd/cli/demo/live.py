"""The demo as people watch it: moves, verdicts and actions, the clocks, Slack, and the time.

Nothing is decided here. Hours in which nothing happens pass at once, so that the week
takes a bit more than a minute.
"""

import time
from collections import Counter, deque
from collections.abc import Sequence
from types import TracebackType

from rich.console import Group, RenderableType
from rich.layout import Layout
from rich.live import Live
from rich.panel import Panel
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from syncd.cli.demo import drawn
from syncd.cli.demo.clocks import Clocks
from syncd.cli.demo.drive import Look
from syncd.cli.demo.feed import Happening, clock_words, happenings, message_words
from syncd.cli.demo.scenes import label, scenes
from syncd.cli.demo.workbench import Workbench
from syncd.sandbox.people.clicking import Deed
from syncd.sandbox.people.scenario import Scenario
from syncd.sandbox.slack.things import Message

PAUSE = 0.14
"""Real seconds for every look that shows something new."""
_KEPT = 60
_HEAD = 6
_WIDE = 110
"""Columns from which a whole message has room beside the list of them."""
_STYLES = {
    "move": "white",
    "syncd": "bold cyan",
    "passes": "green",
    "fails": "yellow",
    "note": "cyan",
}


class LiveView:
    """Implements `Viewer`; a context manager, because it takes the terminal over."""

    def __init__(self) -> None:
        self._live = Live(screen=True, auto_refresh=False)
        self._moves: deque[Happening] = deque(maxlen=_KEPT)
        self._slack: deque[Text] = deque(maxlen=_KEPT)
        self._told: Counter[str] = Counter()
        self._clocks = Clocks()
        self._entries = 0
        self._messages = 0
        self._card: RenderableType = ""
        self._week: Scenario | None = None

    def __enter__(self) -> "LiveView":
        self._live.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._live.__exit__(kind, error, trace)
        if self._week is not None and error is None:
            for scene in scenes(self._week):
                self._live.console.print(scene)

    def over(self, scenario: Scenario) -> None:
        """Drawn when the terminal is given back."""
        self._week = scenario

    def seen(self, bench: Workbench, look: Look) -> None:
        is_news = self._take_in(bench, look.deeds) if look.number else False
        self._entries = len(bench.world.journal)
        if is_news or look.number % 12 == 0:
            self._live.update(self._page(look), refresh=True)
        if is_news:
            time.sleep(PAUSE)

    def _take_in(self, bench: Workbench, deeds: Sequence[Deed]) -> bool:
        world = bench.world
        for deed in deeds:
            words = f"{clock_words(deed.at)}  {deed.intent.who.name} clicks {label(deed)}"
            self._slack.append(Text(words, style="bold cyan", overflow="ellipsis", no_wrap=True))
        news = list(happenings(world, self._entries))
        messages = world.slack.messages[self._messages :]
        self._messages = len(world.slack.messages)
        self._moves.extend(news)
        for message in messages:
            words = f"{clock_words(message.at)}  {message_words(world, message)}"
            self._slack.append(Text(words, overflow="ellipsis", no_wrap=True))
            payload = (message.metadata or {}).get("event_payload", {})
            self._told[payload.get("kind", "other")] += len(payload.get("keys", ()))
        self._show(bench, [*messages, *(deed.after for deed in deeds if deed.after)])
        self._clocks.follow(bench, messages)
        return bool(news or messages)

    def _show(self, bench: Workbench, messages: Sequence[Message]) -> None:
        """The last of them stands there as people see it until there is another."""
        if messages:
            self._card = drawn.message(bench.world.slack, messages[-1])

    def _page(self, look: Look) -> RenderableType:
        height = self._live.console.size.height
        page, lower = Layout(), max(8, height * 2 // 5)
        page.split_column(
            Layout(self._head(look), size=_HEAD),
            Layout(name="upper"),
            Layout(name="slack", size=lower),
        )
        if self._live.console.size.width >= _WIDE:
            page["slack"].split_row(
                Layout(self._slack_panel(lower)),
                Layout(Panel(drawn.Folded(self._card, lower - 2), title="Latest")),
            )
        else:
            page["slack"].update(self._slack_panel(lower))
        room = max(3, height - lower - _HEAD - 2)
        page["upper"].split_row(
            Layout(self._moves_panel(room), ratio=3),
            Layout(Panel(self._clocks.table(look.at, room), title="Handoffs waiting"), ratio=2),
        )
        return page

    def _head(self, look: Look) -> RenderableType:
        told = "   ".join(f"{kind} {count}" for kind, count in sorted(self._told.items()))
        line = Text.assemble(
            (f" {clock_words(look.at)} ", "bold reverse"),
            f"  New York   looks {look.number + 1:,} of {look.of:,}   ",
            (told, "dim"),
        )
        bar = ProgressBar(total=look.of, completed=look.number + 1)
        return Panel(Group(line, bar), title="syncd demo")

    def _moves_panel(self, room: int) -> Panel:
        table = Table.grid(padding=(0, 1), expand=True)
        table.add_column(width=9)
        table.add_column(width=15, no_wrap=True, overflow="ellipsis")
        table.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
        for x in list(self._moves)[-room:]:
            table.add_row(clock_words(x.at), x.who, x.what, style=_STYLES[x.tone])
        return Panel(table, title="Moves, verdicts, actions")

    def _slack_panel(self, height: int) -> Panel:
        return Panel(Group(*list(self._slack)[-(height - 2) :]), title="Slack")

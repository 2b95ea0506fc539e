"""Listening to Slack over Socket Mode: no port is opened, the line is ours. Bolt sorts what
comes in; this file connects, answers in time, and lets go.
"""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Thread
from typing import Any

import structlog
from slack_bolt import Ack, App, BoltContext
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.socket_mode.client import BaseSocketModeClient

from syncd.adapters.slack.callers import Callers
from syncd.adapters.slack.click import Body
from syncd.adapters.slack.connection import ListenConnection
from syncd.adapters.slack.conversation import Conversation
from syncd.adapters.slack.desk import Desk, Tray
from syncd.adapters.slack.forms import REJECT, WAIVER
from syncd.adapters.slack.line import Line
from syncd.adapters.slack.manners import silent
from syncd.adapters.slack.talk import Talk
from syncd.adapters.slack.translate import slack_errors
from syncd.adapters.slack.voice import SlackVoice
from syncd.adapters.transport.session import require_safe
from syncd.domain.alert import Act
from syncd.errors import SyncdError
from syncd.ports import Clock

log = structlog.get_logger()

ANSWERS_WITHIN = 5
"""Seconds for one call: whoever clicked waits, and Slack gives up after three."""
_FAREWELL = 1.0
"""Seconds the daemon waits for it to let go."""


class SlackListener:
    """What people answer to messages, as orders in the store. Wired by `app`."""

    def __init__(
        self, connection: ListenConnection, talk: Talk, *, tray: Tray, clock: Clock
    ) -> None:
        """The tray is ours, and closed when we stop. ConfigError when the base URL would carry
        a token in the clear."""
        require_safe(connection.bot.base_url)
        client = WebClient(
            token=connection.bot.bot_token,
            base_url=connection.bot.base_url,
            timeout=ANSWERS_WITHIN,
            retry_handlers=[],
            logger=silent(),
        )
        self._clock = clock
        self._tray = tray
        self._conversation = Conversation(
            talk,
            desk=Desk(tray),
            callers=Callers(client, clock),
            voice=SlackVoice(client, clock),
            clock=clock,
        )
        self._threads = ThreadPoolExecutor(thread_name_prefix="slack", max_workers=4)
        self._line = Line(
            connection.app_token,
            client,
            logger=silent(),
            ping_interval=connection.notices_after,
        )
        ups_and_downs = _UpsAndDowns()
        self._line.message_listeners.append(ups_and_downs.heard)
        self._line.on_error_listeners.append(ups_and_downs.lost)
        _Handler(_app(client, self._conversation, self._threads), self._line)
        self._tries_again = connection.tries_again
        self._stopped = Event()

    def start(self) -> None:
        """Begin in the background: a Slack that cannot be reached holds nothing up."""
        Thread(target=self._connect, name="slack-connect", daemon=True).start()

    @property
    def is_connected(self) -> bool:
        """Whether a click would be heard now."""
        return self._line.is_connected()

    def learn(self, talk: Talk) -> None:
        """What forms offer from now on."""
        self._conversation.talk = talk

    def stop(self) -> None:
        """Whoever acts from now on sees that nobody listens."""
        if self._stopped.is_set():
            return
        self._stopped.set()
        farewell = Thread(target=self._let_go, name="slack-farewell", daemon=True)
        farewell.start()
        farewell.join(_FAREWELL)

    def _connect(self) -> None:
        """Until it is connected once; from there on the line itself connects anew."""
        while not self._stopped.is_set():
            try:
                with slack_errors("Slack apps.connections.open", self._clock):
                    self._line.connect()
            except SyncdError as error:
                log.warning("slack_not_listening", reason=str(error))
                self._stopped.wait(self._tries_again)
            else:
                return

    def _let_go(self) -> None:
        try:
            self._line.close()
        finally:
            self._threads.shutdown()
            self._tray.close()


class _Handler(SocketModeHandler):
    """Bolt's own, on our line."""

    def __init__(self, app: App, line: Line) -> None:
        self.app = app
        self.client = line
        line.socket_mode_request_listeners.append(self.handle)  # type: ignore[arg-type] # as in Bolt


def _app(client: WebClient, conversation: Conversation, threads: ThreadPoolExecutor) -> App:
    """A click is acknowledged at once and answered by a whisper. A form is taken first: only
    as long as it is open can it be said in it what is wrong."""

    def on_click(ack: Ack, body: Body, context: BoltContext) -> None:
        ack()
        conversation.clicked(body, team_id=_team(context))

    def on_form(ack: Ack, body: Body, context: BoltContext) -> None:
        wrong = conversation.sent(body, team_id=_team(context))
        if wrong:
            ack(response_action="errors", errors=dict(wrong))
        else:
            ack()

    app = App(
        name="slack_answers",  # Bolt silences the logger of this name: not that of `syncd`
        logger=silent(),
        client=client,
        token_verification_enabled=False,
        listener_executor=threads,
    )
    for act in Act:
        app.action(act.value)(on_click)
    for form in (REJECT, WAIVER):
        app.view(form)(on_form)
    return app


def _team(context: BoltContext) -> str:
    """The bot's own, not that of who clicked."""
    known = context.authorize_result
    return (known.team_id if known else None) or ""


class _UpsAndDowns:
    """Logs each of them once, however often it is tried meanwhile."""

    def __init__(self) -> None:
        self._is_up = False

    def heard(
        self, client: BaseSocketModeClient, message: Mapping[str, Any], raw: str | None
    ) -> None:
        del client, raw
        if message.get("type") == "hello" and not self._is_up:
            self._is_up = True
            log.info("slack_listening")

    def lost(self, error: Exception) -> None:
        if self._is_up:
            self._is_up = False
            log.warning("slack_line_lost", kind=type(error).__name__)

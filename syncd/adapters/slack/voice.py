"""Speaking to the one person who acted: whispers and forms."""

import structlog
from slack_sdk import WebClient

from syncd.adapters.slack.blocks import TEXT_LIMIT, Block
from syncd.adapters.slack.click import Where
from syncd.adapters.slack.text import plain
from syncd.adapters.slack.translate import slack_errors
from syncd.errors import SyncdError
from syncd.ports import Clock

log = structlog.get_logger()


class SlackVoice:
    """Implements `conversation.Voice`."""

    def __init__(self, client: WebClient, clock: Clock) -> None:
        self._client = client
        self._clock = clock

    def whisper(self, where: Where, user_id: str, text: str) -> None:
        try:
            with slack_errors("Slack chat.postEphemeral", self._clock):
                self._client.chat_postEphemeral(
                    channel=where.channel_id,
                    user=user_id,
                    thread_ts=where.thread_ts,
                    text=plain(text, limit=TEXT_LIMIT),
                )
        except SyncdError as error:
            log.warning("slack_whisper_lost", reason=str(error))

    def show(self, trigger_id: str, form: Block) -> None:
        with slack_errors("Slack views.open", self._clock):
            self._client.views_open(trigger_id=trigger_id, view=form)

"""What Slack's refusals mean to us: the only place that knows its error codes.

Slack says no with status 200 and `ok: false`; webhooks say it in plain text.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta

from slack_sdk.errors import SlackApiError, SlackClientError

from syncd.adapters.transport.answer import Answer, error_for_status, retry_after
from syncd.adapters.transport.network import network_errors
from syncd.errors import (
    AuthError,
    LimitError,
    LostAnswer,
    PermanentError,
    SyncdError,
    TransientError,
)
from syncd.ports import Clock

USER_NOT_FOUND = "users_not_found"

_REASONS: Mapping[str, tuple[type[SyncdError], str]] = {
    "channel_not_found": (AuthError, "no such channel, or the bot is not in it: invite it"),
    "not_in_channel": (AuthError, "the bot is not in the channel: invite it"),
    "is_archived": (AuthError, "the channel is archived: route the alert elsewhere"),
    "channel_is_archived": (AuthError, "the channel is archived: route the alert elsewhere"),
    "restricted_action": (AuthError, "the workspace lets only some post in this channel"),
    "posting_to_general_channel_denied": (AuthError, "the bot may not post in #general"),
    "msg_too_long": (PermanentError, "the message is too long for Slack"),
    "msg_blocks_too_long": (PermanentError, "the message has too many blocks for Slack"),
    "invalid_blocks": (PermanentError, "Slack does not take this layout"),
    "invalid_blocks_format": (PermanentError, "Slack does not take this layout"),
    "invalid_payload": (PermanentError, "Slack does not take this layout"),
    "no_text": (PermanentError, "the message is empty"),
    "metadata_too_large": (PermanentError, "the message carries too many keys"),
    "message_not_found": (PermanentError, "the message is gone"),
    "cant_update_message": (PermanentError, "the message is another app's"),
    "edit_window_closed": (PermanentError, "the workspace lets nobody change so old a message"),
    "thread_not_found": (PermanentError, "the message it answers to is gone"),
    "user_not_found": (PermanentError, "nobody in Slack has this id"),
    "user_not_in_channel": (PermanentError, "the person has left the channel"),
    "expired_trigger_id": (PermanentError, "it took too long to open the form: click again"),
    "invalid_trigger_id": (PermanentError, "the form was opened already: click again"),
    "exchanged_trigger_id": (PermanentError, "the form was opened already: click again"),
    "not_allowed_token_type": (AuthError, "listening needs the app's own token (xapp-…)"),
    USER_NOT_FOUND: (PermanentError, "nobody in Slack has this address"),
    "action_prohibited": (AuthError, "an admin forbids webhooks in this channel"),
    "no_service": (AuthError, "the webhook was removed: make a new one"),
    "no_active_hooks": (AuthError, "the webhook was switched off: make a new one"),
    "invalid_token": (AuthError, "the webhook's secret is wrong"),
    "not_authed": (AuthError, "no token was sent"),
    "invalid_auth": (AuthError, "the token is wrong"),
    "account_inactive": (AuthError, "the bot was removed: install it again"),
    "token_revoked": (AuthError, "the token was revoked: install the app again"),
    "token_expired": (AuthError, "the token has expired: install the app again"),
    "missing_scope": (AuthError, "the token lacks a scope: add it and install the app again"),
    "no_permission": (AuthError, "the token lacks a permission"),
    "ekm_access_denied": (AuthError, "an admin suspended posting (key management)"),
    "message_limit_exceeded": (LimitError, "the workspace's messages are used up"),
    "ratelimited": (TransientError, "too many messages"),
    "rate_limited": (TransientError, "too many messages"),
    "rollup_error": (TransientError, "Slack's own trouble"),
    "internal_error": (TransientError, "Slack's own trouble"),
    "fatal_error": (LostAnswer, "Slack's own trouble; it may have posted nevertheless"),
    "service_unavailable": (TransientError, "Slack is down"),
    "request_timeout": (TransientError, "Slack did not get the whole request"),
    "team_added_to_org": (TransientError, "the workspace is being moved"),
}
_NOT_JSON = "Received a response in a non-JSON format"
_LEAST_WAIT = timedelta(seconds=1)


@contextmanager
def slack_errors(what: str, clock: Clock) -> Iterator[None]:
    """The SDK's errors, and the network's below it, as ours."""
    with network_errors(what):
        try:
            yield
        except SlackApiError as error:
            response = error.response
            answer = Answer(status=response.status_code, headers=response.headers, body=b"")
            code = str(response.get("error") or "")
            raise error_for(answer, code, what=what, now=clock.now()) from error
        except SlackClientError as error:
            raise PermanentError(f"{what}: {type(error).__name__}") from error


def error_for(answer: Answer, code: str, *, what: str, now: datetime) -> SyncdError:
    """The error that Slack's code stands for; without a known one, that of the status."""
    known = _REASONS.get(code)
    if known is not None and issubclass(known[0], TransientError):
        wish = retry_after(answer, now=now)
        return known[0](f"{what}: {code}: {known[1]}", retry_after=wish)
    if known is not None:
        return known[0](f"{what}: {code}: {known[1]}")
    if answer.status == 429:
        wish = retry_after(answer, now=now) or _LEAST_WAIT
        return TransientError(f"{what}: too many messages (429)", retry_after=wish)
    if answer.status >= 300:
        return error_for_status(answer, what=what, now=now)
    if not code or code.startswith(_NOT_JSON):
        return LostAnswer(f"{what}: the answer is not Slack's")
    return PermanentError(f"{what}: Slack says {code}")

"""The reasons of `alert_decision` in words, for whoever asks why an alert came or did not."""

from collections.abc import Mapping

from syncd.domain.message import Why

_SAYS: Mapping[Why, str] = {
    Why.AT_ONCE: "it is told at once",
    Why.ALONE: "it is for one person, and few of its kind went to its channel lately",
    Why.TOGETHER: "it went with the others of its kind that had come until then",
    Why.MORNING: "it waited for the morning, and went with all that did",
    Why.IN_DOUBT: "its answer was lost twice: it is taken as told",
    Why.FOR_MORE: "it waits for more of its kind, to be one message",
    Why.INTERVAL: "its channel had a message of this kind lately: the next one gathers the others",
    Why.QUIET: "quiet hours: it waits for the morning",
    Why.BLIND: "held back while a CRM cannot be read, for that may be all there is to it",
    Why.HELD: "held back while a plan waits for approval, for that may be all there is to it",
    Why.NOT_TAKEN: "Slack did not take it; it is tried again",
    Why.SILENCED: "silenced",
    Why.SETTLED: "what it asked for was done before it was sent",
    Why.TOO_LATE: "the deadline it warns of had passed",
    Why.GIVEN_UP: "Slack will not take it",
}


def reason_words(why: Why, detail: str) -> str:
    says = _SAYS[why]
    return f"{says} ({detail})" if detail else says

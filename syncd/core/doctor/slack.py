"""Whether Slack takes what syncd has to tell, and hears who answers."""

from collections.abc import Iterator

from syncd.core.doctor import ailments
from syncd.core.doctor.facts import Facts, SlackFacts, Unseen
from syncd.core.doctor.finding import Finding
from syncd.core.doctor.reach import people_of

SCOPES = {
    ("chat:write",): "posting messages",
    ("users:read",): "knowing who clicked",
    ("users:read.email",): "mentioning people by their address",
    ("channels:read", "groups:read"): "finding channels",
    ("channels:history", "groups:history"): "not telling a message twice",
}
"""One of each group is enough: public channels by the first, private ones by the second."""
_WHERE = "Slack"


def slack_findings(facts: Facts) -> Iterator[Finding]:
    if facts.slack is None:
        return
    scopes = facts.slack.scopes
    if isinstance(scopes, Unseen):
        ailment = ailments.SLACK_REFUSED if scopes.refused else ailments.SLACK_UNREACHABLE
        yield ailment.found(scopes.why, _WHERE)
        return
    yield from _missing_scopes(scopes)
    yield from _unfit_channels(facts, facts.slack)
    yield from _unheard(facts.slack)
    yield from _unknown_people(facts, facts.slack)


def _missing_scopes(granted: frozenset[str]) -> Iterator[Finding]:
    for group, reason in SCOPES.items():
        if not granted.intersection(group):
            what = f"the bot lacks {group[0]}: {reason}"
            yield ailments.SLACK_SCOPE.found(what, _WHERE, scope=" or ".join(group))


def _unfit_channels(facts: Facts, slack: SlackFacts) -> Iterator[Finding]:
    if isinstance(slack.channels, Unseen):
        yield ailments.CANNOT_SEE.found(f"cannot see channels: {slack.channels.why}", _WHERE)
        return
    for name, spelled in facts.setup.channels.items():
        where = f"crm.yaml: connections.slack.channels.{name}"
        found = slack.channels.get(spelled.removeprefix("#"))
        if found is None:
            yield ailments.SLACK_CHANNEL_MISSING.found(f"the bot sees no channel {spelled}", where)
        elif found.is_archived:
            yield ailments.SLACK_CHANNEL_ARCHIVED.found(f"{spelled} is archived", where)
        elif not found.has_bot:
            yield ailments.SLACK_BOT_OUTSIDE.found(f"the bot is not in {spelled}", where)


def _unheard(slack: SlackFacts) -> Iterator[Finding]:
    if isinstance(slack.line, Unseen):
        ailment = ailments.SLACK_LINE_REFUSED if slack.line.refused else ailments.CANNOT_SEE
        yield ailment.found(slack.line.why, _WHERE)
    elif slack.line is None:
        yield ailments.SLACK_LINE_NONE.found("SYNCD_SLACK_APP_TOKEN is not set", _WHERE)


def _unknown_people(facts: Facts, slack: SlackFacts) -> Iterator[Finding]:
    if isinstance(slack.people, Unseen):
        if slack.people.why and not slack.people.refused:  # of a missing scope it is said already
            what = f"cannot see who is in Slack: {slack.people.why}"
            yield ailments.CANNOT_SEE.found(what, _WHERE)
        return
    for name in sorted(people_of(facts.setup.policy) - slack.people):
        yield ailments.SLACK_PERSON_UNKNOWN.found(f"Slack knows nobody as {name}", "policy.yaml")

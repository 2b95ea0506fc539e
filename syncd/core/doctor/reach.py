"""Whether each CRM answers, as whom it knows us, what its clock says, and what calls are left."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from syncd.core.doctor import ailments
from syncd.core.doctor.facts import Facts, Login, SideFacts, Unseen
from syncd.core.doctor.finding import Finding
from syncd.domain.names import System
from syncd.domain.policy import Policy

MOST_SKEW = timedelta(seconds=60)
MOST_USED = 0.8
_DAY = timedelta(days=1)
_CALLS_PER_POLL = 2
_WORD = {System.SALESFORCE: "organisation", System.HUBSPOT: "portal"}
_SIGN_IN = {
    System.SALESFORCE: "Setup > App Manager > the connected app: check that its client "
    "credentials (or JWT) flow is on and its run-as user active, then set "
    "SYNCD_SALESFORCE_CLIENT_ID and SYNCD_SALESFORCE_CLIENT_SECRET anew.",
    System.HUBSPOT: "HubSpot > Settings > Integrations > Private Apps (or Service Keys): make "
    "or rotate the token, then set SYNCD_HUBSPOT_TOKEN.",
}
_MORE_CALLS = {
    System.SALESFORCE: "See who calls: Setup > System Overview > API Usage. Slow that down, or "
    "buy API calls.",
    System.HUBSPOT: "See who calls: Settings > Integrations > Connected Apps > API Call Usage. "
    "Slow that down, or buy the API limit increase.",
}


def unreached(system: System, side: SideFacts, facts: Facts) -> Iterator[Finding]:
    """Says once that a CRM cannot be seen; what follows from it is not repeated."""
    del facts
    login = side.login
    if not isinstance(login, Unseen) or not login.why:
        return
    if login.refused:
        how = _SIGN_IN[system]
        yield ailments.CREDENTIALS_REFUSED.found(login.why, system.label, how=how)
    elif login.spent:
        how = _MORE_CALLS[system]
        yield ailments.API_USED_UP.found(login.why, system.label, how=how)
    else:
        yield ailments.CRM_UNREACHABLE.found(
            login.why, system.label, system=system.value, vendor=system.label
        )


def unseen(system: System, side: SideFacts, facts: Facts) -> Iterator[Finding]:
    """What else could not be looked at."""
    del facts
    looked_for = {
        "its permissions": side.granted,
        "its fields": side.schema,
        "its users": side.directory,
        "which history it keeps": side.tracked,
        "its lists": side.lists,
    }
    for what, fact in looked_for.items():
        if isinstance(fact, Unseen) and fact.why:
            yield ailments.CANNOT_SEE.found(f"cannot see {what}: {fact.why}", system.label)


def wrong_account(system: System, side: SideFacts, facts: Facts) -> Iterator[Finding]:
    login = side.login
    if isinstance(login, Unseen):
        return
    word = _WORD[system]
    expected = {
        f"crm.yaml names {word}": facts.setup.accounts.get(system),
        f"the store is of {word}": facts.known_accounts.get(system),
    }
    for says, account in expected.items():
        if account and account != login.account:
            what = f"{says} {account}, but the credentials belong to {login.account}"
            yield ailments.WRONG_ACCOUNT.found(
                what, system.label, expected=account, found=login.account
            )
            return


def clock_skew(system: System, side: SideFacts, facts: Facts) -> Iterator[Finding]:
    del facts
    if isinstance(side.login, Unseen):
        return
    ahead = side.login.asked_at - side.login.server_time
    if abs(ahead) > MOST_SKEW:
        word = "ahead of" if ahead > timedelta() else "behind"
        seconds = round(abs(ahead).total_seconds())
        what = f"this machine's clock is {seconds} s {word} {system.label}'s"
        yield ailments.CLOCK_SKEW.found(what, "this machine")


def few_calls_left(system: System, side: SideFacts, facts: Facts) -> Iterator[Finding]:
    if not side.allowed:
        return
    if side.used is not None and side.used >= MOST_USED * side.allowed:
        what = f"{side.used:,} of {side.allowed:,} API calls of the day are used"
        yield ailments.API_NEARLY_USED.found(what, system.label, how=_MORE_CALLS[system])
    polling = _DAY // facts.setup.poll_every * _CALLS_PER_POLL
    share = int(side.allowed * facts.setup.crm.sides[system].share)
    if polling > share:
        what = f"polling every {facts.setup.poll_every} takes {polling:,} calls a day of {share:,}"
        yield ailments.API_SHARE_SMALL.found(what, system.label, system=system.value)


def other_zone(system: System, side: SideFacts, facts: Facts) -> Iterator[Finding]:
    """Zones count as one when their clocks show the same now."""
    login = side.login
    if isinstance(login, Unseen) or not login.time_zone:
        return
    zones = sorted({segment.calendar.time_zone for segment in facts.setup.policy.segments})
    ours = {_offset(zone, facts.now) for zone in zones}
    theirs = _offset(login.time_zone, facts.now)
    if theirs is not None and ours and theirs not in ours:
        what = f"its clock is {login.time_zone}, policy.yaml's calendars keep {', '.join(zones)}"
        yield ailments.TIME_ZONE.found(what, system.label, how=_ZONE_FIX[system])


_ZONE_FIX = {
    System.SALESFORCE: "Setup > Company Information > Default Time Zone, and the integration "
    "user's own; or correct calendars in policy.yaml.",
    System.HUBSPOT: "Settings > Account Defaults > Time zone; or correct calendars in policy.yaml.",
}


def _offset(zone: str, now: datetime) -> timedelta | None:
    try:
        return now.astimezone(ZoneInfo(zone)).utcoffset()
    except (ZoneInfoNotFoundError, ValueError):
        return None


def unfit_login(system: System, side: SideFacts, facts: Facts) -> Iterator[Finding]:
    """Who writes in our name: a user, or an app, of nobody else."""
    if isinstance(side.login, Unseen):
        return
    if system is System.HUBSPOT:
        yield from _unknown_app(side.login, facts)
        return
    user = side.login.name or side.login.email
    why = _works_as_a_person(side.login, facts)
    if why:
        what = f"syncd signs in as {user}, {why}"
        yield ailments.INTEGRATION_USER.found(what, system.label)


def _works_as_a_person(login: Login, facts: Facts) -> str:
    if login.email and login.email.lower() in people_of(facts.setup.policy):
        return "whom policy.yaml names as one of the people"
    return "who was given leads to work" if login.has_leads else ""


def people_of(policy: Policy) -> frozenset[str]:
    """Everybody policy.yaml names, by canonical owner; queues left out."""
    named = {policy.alerts.manager, policy.recycle.owner, *policy.approvers}
    for segment in policy.segments:
        named |= {segment.manager, *segment.ladder.reassign_to}
    return frozenset(name for name in named if name and not name.startswith("queue:"))


def _unknown_app(login: Login, facts: Facts) -> Iterator[Finding]:
    said = facts.setup.app_id
    if login.app_id is None and said is None:
        what = "HubSpot does not tell which app the token is of"
        hint = " (HubSpot > Settings > Integrations > Service Keys)"
        yield ailments.APP_UNKNOWN.found(what, "crm.yaml: connections.hubspot", hint=hint)
    elif login.app_id is not None and said not in (None, login.app_id):
        what = f"crm.yaml names app {said}, but the token is of app {login.app_id}"
        hint = f": {login.app_id}"
        yield ailments.APP_UNKNOWN.found(what, "crm.yaml: connections.hubspot.app_id", hint=hint)

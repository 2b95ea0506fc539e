"""Make sure that the org and the portal that answer are those the store is of.

After a sandbox refresh, or with somebody else's credentials, the record ids in the store
mean other people: nothing may be read into it then, and nothing written from it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

import structlog

from syncd.core.alerting_ops import wrong_account_alert
from syncd.domain.alert import AlertKind
from syncd.domain.names import System
from syncd.domain.order import SideStatus
from syncd.errors import SyncdError, WrongAccount
from syncd.jobs.blind import SideDown, asking
from syncd.jobs.pair import Pair
from syncd.jobs.read import UNREAD
from syncd.jobs.recent import Recent
from syncd.ports import Commit

log = structlog.get_logger()

_WORD = {System.SALESFORCE: "organisation", System.HUBSPOT: "portal"}


def insist_on_accounts(pair: Pair, recent: Recent, *, now: datetime) -> None:
    """At the start, after new settings and once an hour. WrongAccount when another answers."""
    if recent.may_check_accounts(now) and check_accounts(pair, now=now):
        recent.accounts_checked(now)


@contextmanager
def telling_of_another(pair: Pair, recent: Recent, *, now: datetime) -> Iterator[None]:
    """A daemon that had been at work tells people, once, that it cannot go on."""
    try:
        yield
    except WrongAccount as error:
        log.error("wrong_account", reason=str(error))
        if recent.accounts_are_wrong():
            _tell(pair, str(error), now)
        raise


def check_accounts(pair: Pair, *, now: datetime) -> bool:
    """Ask both, and remember whom the store is of when it is new; whether both answered. One
    that does not say now can most likely not be read either: it is asked again."""
    sides = pair.store.sides()
    new: dict[System, SideStatus] = {}
    silent = False
    for system in pair.crms:
        known = sides.get(system) or UNREAD
        answers = _answering(pair, system)
        if answers is None:
            silent = True
            continue
        _compare(system, answers, pair.rules.accounts.get(system), known.account)
        if not known.account:
            new[system] = replace(known, account=answers)
    if new:
        pair.store.commit(Commit(now=now, sides=new))
    return not silent


def _answering(pair: Pair, system: System) -> str | None:
    try:
        with asking(system):
            return pair.crms[system].account()
    except SideDown as down:
        log.warning("account_unknown", system=system, reason=str(down))
        return None


def _compare(system: System, answers: str, named: str | None, stored: str) -> None:
    word = _WORD[system]
    if named and answers != named:
        raise WrongAccount(
            f"{system.label}: the configuration names {word} {named}, but the credentials "
            f"belong to {word} {answers}. Nothing is read or written. Use credentials of "
            f"{named}, or correct the configuration."
        )
    if stored and answers != stored:
        raise WrongAccount(
            f"{system.label}: this store is of {word} {stored}, but {word} {answers} answered. "
            "Its record ids mean other people there, so nothing is read or written. If the "
            "credentials are wrong, correct them. If the org is a new one (a refreshed "
            "sandbox), point store.path in crm.yaml at a new file and run `syncd backfill`."
        )


def _tell(pair: Pair, reason: str, now: datetime) -> None:
    """Past the outbox, which is not drained now. An alert fails open."""
    alerts = pair.rules.policy.alerts
    channel = alerts.routes.get(AlertKind.CONFIG, alerts.channel)
    try:
        pair.messenger.send(channel, [wrong_account_alert(reason, now=now)])
    except SyncdError as error:
        log.error("alert_not_sent", channel=channel, reason=str(error))

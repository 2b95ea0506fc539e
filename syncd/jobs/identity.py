"""Make sure that the org and the portal that answer are those the store is of.

After a sandbox refresh, or with somebody else's credentials, the record ids in the store
mean other people: nothing may be read into it then, and nothing written from it. The same
holds for a CRM that does not say whose it is.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

import structlog

from syncd.commit import Commit
from syncd.core.alerting_ops import wrong_account_alert
from syncd.domain.alert import AlertKind
from syncd.domain.names import System
from syncd.domain.order import SideStatus
from syncd.errors import AuthError, SyncdError, TransientError, WrongAccount
from syncd.jobs.blind import SideDown, asking
from syncd.jobs.pair import Pair
from syncd.jobs.read import UNREAD
from syncd.jobs.recent import Recent
from syncd.jobs.shut import shut

log = structlog.get_logger()

_WORD = {System.SALESFORCE: "organisation", System.HUBSPOT: "portal"}


def with_known_accounts(pair: Pair, recent: Recent, *, now: datetime) -> Pair:
    """Asked at the start, after new settings and once an hour. A CRM that has not said since
    then whose it is, is kept shut and asked again. WrongAccount when another answers."""
    if not recent.may_check_accounts(now):
        return pair
    silent = check_accounts(pair, now=now)
    recent.accounts_checked(now, pair.crms.keys() - silent.keys(), again=bool(silent))
    return shut(pair, {s: why for s, why in silent.items() if not recent.knows_account(s)})


def insist_on_accounts(
    pair: Pair, *, now: datetime, of: Collection[System] = tuple(System)
) -> None:
    """For work that needs these CRMs: SideDown when one does not say whose it is."""
    for system, why in check_accounts(pair, now=now).items():
        if system in of:
            raise SideDown(system, TransientError(why))


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


def check_accounts(pair: Pair, *, now: datetime) -> Mapping[System, str]:
    """Ask both, and remember whom the store is of when it is new. Returns those that did not
    say, and why: nobody knows what reading or writing them would do."""
    sides = pair.store.sides()
    new: dict[System, SideStatus] = {}
    silent: dict[System, str] = {}
    for system in pair.crms:
        known = sides.get(system) or UNREAD
        try:
            with asking(system):
                answers = pair.crms[system].account()
        except SideDown as down:
            log.warning("account_unknown", system=system, reason=str(down))
            silent[system] = _why_silent(system, down)
            continue
        _compare(system, answers, pair.rules.accounts.get(system), known.account)
        if not known.account:
            new[system] = replace(known, account=answers)
    if new:
        pair.store.commit(Commit(now=now, sides=new))
    return silent


def _why_silent(system: System, down: SideDown) -> str:
    """Refused credentials speak for themselves."""
    if isinstance(down.__cause__, AuthError):
        return str(down)
    return f"{system.label} does not say which {_WORD[system]} it is: {down}"


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

"""What an admin asks before anything is written: a preview, a past replayed, what wakes up; and
a preview that is then carried out.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from socket import gethostname
from tempfile import TemporaryDirectory

from syncd.adapters.store.copying import copy_store
from syncd.adapters.store.store import SqlStore, open_store
from syncd.app import lock_store
from syncd.core.context import Context
from syncd.core.judge import Judge
from syncd.core.preview import checksum_of
from syncd.core.replay import Replayed
from syncd.core.waking import Waking
from syncd.domain.names import System
from syncd.domain.preview import Preview
from syncd.errors import StoreError, SyncdError
from syncd.jobs.apply_preview import Applied, apply_preview
from syncd.jobs.rehearse import Rehearsal, rehearse
from syncd.jobs.replay import replay_since
from syncd.jobs.wakes import look_for_waking
from syncd.office_ports import AutomationReader
from syncd.ports import Clock
from syncd.settings.load import Settings
from syncd.store_ports import StorePlace
from syncd.wiring import (
    LEASE,
    Source,
    connect_crms,
    insist_on_crm_secrets,
    insist_on_secrets,
    open_crms,
    pair_of,
    take_lease,
)

_ONLY_WRITER = (
    "while a worker runs it is the only writer, and carries out by itself what it decides; "
    "a preview is applied where none runs"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Previewed:
    """`unkept` says why it cannot be applied by its checksum, where that is so."""

    found: Rehearsal
    made: Preview
    unkept: str = ""


def preview(source: Source, *, clock: Clock) -> Previewed:
    """What a cycle would do now, found out on a copy of the store. Writes to no CRM. Gates that
    nobody looked at yet are shown as they are to be."""
    settings = source.load()
    insist_on_crm_secrets(settings)
    shown = replace(settings, policy=replace(settings.policy, unpreviewed=frozenset()))
    now = clock.now()
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "preview.db"
        copy_store(settings.store, copy)
        store = open_store(copy)
        try:
            store.acquire(holder=gethostname(), now=now, span=LEASE)
            found = rehearse(pair_of(shown, store, clock, source.timeouts), now=now)
        finally:
            store.close()
    checksum = checksum_of(found.leads, settings.digest)
    made = Preview(checksum=checksum, made_at=now, config=settings.digest, leads=found.leads)
    return Previewed(found=found, made=made, unkept=_keep(settings.store, made))


def _keep(place: StorePlace, made: Preview) -> str:
    """Why it is not kept, or nothing. To look must neither make a store nor migrate one, perhaps
    under a worker of the version before."""
    try:
        open_store(place, read_only=True).close()
    except StoreError as error:
        return str(error)
    store = open_store(place)
    try:
        store.keep(made)
    finally:
        store.close()
    return ""


def apply_kept(source: Source, checksum: str, *, by: str, clock: Clock) -> Applied:
    """Carry out what is still as it was previewed. SyncdError where a worker is at work: it is
    the only writer; or where there is no such preview of this configuration."""
    settings = source.load()
    insist_on_secrets(settings)
    try:
        lock = lock_store(settings.store)
    except StoreError as error:
        raise SyncdError(f"{error}: {_ONLY_WRITER}") from error
    try:
        store = open_store(settings.store)
        take_lease(store, clock.now())
        try:
            kept = _kept(store, checksum, settings)
            pair = pair_of(settings, store, clock, source.timeouts)
            return apply_preview(pair, kept, by=by, clock=clock, lease=LEASE)
        finally:
            store.release()
            store.close()
    finally:
        lock.release()


def _kept(store: SqlStore, checksum: str, settings: Settings) -> Preview:
    kept = store.preview(checksum)
    if kept is None:
        raise SyncdError(f"no preview {checksum} is kept here: run `syncd plan` for a new one")
    if kept.config != settings.digest:
        raise SyncdError(
            f"the configuration changed since the preview {checksum} was made; nothing was "
            "written. Run `syncd plan` again, and look at what it shows now"
        )
    return kept


def replay_of(
    source: Source, since: datetime, *, clock: Clock, told: Callable[[System, int], None]
) -> Iterator[Replayed]:
    """What the standard of today would have done with every move since then. Writes nothing,
    and needs no store."""
    settings = source.load()
    ctx = Context(
        standard=settings.standard,
        judge=Judge(settings.standard),
        policy=settings.policy,
        crm=settings.crm,
        enforce_from=since,
        now=clock.now(),
        fresh=None,
    )
    return replay_since(open_crms(source, settings, clock=clock), ctx, told=told)


def waking_of(source: Source, *, clock: Clock) -> Mapping[System, Waking]:
    """The automations that wake up when this configuration writes."""
    settings = source.load()
    salesforce, hubspot = connect_crms(settings, clock, source.timeouts)
    readers: Mapping[System, AutomationReader] = {
        System.SALESFORCE: salesforce,
        System.HUBSPOT: hubspot,
    }
    return look_for_waking(readers, settings.crm, settings.policy)

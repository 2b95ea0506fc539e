"""What became of leads and contacts that are not found: in the recycle bin, or gone for good.

The bin empties itself after 15 days; `queryAll` shows what is in it, and nothing shows what
was emptied from it.
"""

from collections.abc import Collection, Mapping

from syncd.adapters.salesforce import soql
from syncd.adapters.salesforce.api import Api
from syncd.adapters.salesforce.translate import NoSuchObject
from syncd.domain.names import RecordId
from syncd.domain.record import Fate

_OBJECTS = {"00Q": "Lead", "003": "Contact"}
"""By the prefix of their ids, which is the same in every org."""


def fetch_fates(api: Api, ids: Collection[RecordId]) -> Mapping[RecordId, Fate]:
    """An id that is of no object we know, or of one that is hidden from us, counts as living:
    what is not known is not forgotten."""
    fates = dict.fromkeys(ids, Fate.LIVING)
    for prefix, name in _OBJECTS.items():
        ours = [record_id for record_id in ids if record_id.startswith(prefix)]
        fates |= _of_object(api, name, ours)
    return fates


def _of_object(api: Api, name: str, ids: Collection[RecordId]) -> Mapping[RecordId, Fate]:
    fates = dict.fromkeys(ids, Fate.ERASED)
    try:
        for row in api.rows(soql.fates_of(name, ids), what="Salesforce fates"):
            fates[RecordId(row["Id"])] = Fate.BINNED if row["IsDeleted"] else Fate.LIVING
    except NoSuchObject:
        return {}
    return fates

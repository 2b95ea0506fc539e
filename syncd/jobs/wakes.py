"""Ask both CRMs what wakes up when syncd writes. A CRM that cannot be asked is named."""

from collections.abc import Mapping

from syncd.core.waking import Waking, waking
from syncd.domain.automation import Automations
from syncd.domain.mapping import CrmMap
from syncd.domain.names import System
from syncd.domain.policy import Policy
from syncd.errors import AuthError, PermanentError, TransientError
from syncd.office_ports import AutomationReader


def look_for_waking(
    readers: Mapping[System, AutomationReader], crm: CrmMap, policy: Policy
) -> Mapping[System, Waking]:
    return {s: waking(_told(s, reader), crm, policy, s) for s, reader in readers.items()}


def _told(system: System, reader: AutomationReader) -> Automations:
    try:
        return reader.automations()
    except (AuthError, PermanentError, TransientError) as error:
        return Automations(found=(), unseen=(f"{system.label}: {error}",))

"""What conversations are about: the reasons, fields, gates and days that forms offer. Taken
from the configuration, and taken anew when that changes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from syncd.core.waivable import asked_at
from syncd.domain.mapping import CrmMap
from syncd.domain.names import OWNER, FieldName, RuleId
from syncd.domain.policy import Policy
from syncd.domain.stage import Stage
from syncd.domain.standard import RejectionReason, Standard


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """`fields` are what a lead may have come without; `rules` what each gate asks of
    anybody, with the words people know it by. Days are those of `zone`."""

    reasons: Mapping[str, RejectionReason]
    fields: tuple[FieldName, ...]
    rules: Mapping[Stage, tuple[tuple[RuleId, str], ...]]
    zone: str

    def today(self, now: datetime) -> date:
        return now.astimezone(ZoneInfo(self.zone)).date()


def talk_of(standard: Standard, policy: Policy, crm: CrmMap) -> Talk:
    ours = {*crm.marks.values(), OWNER}
    return Talk(
        reasons=standard.rejections,
        fields=tuple(name for name in crm.fields if name not in ours),
        rules={
            stage: tuple((rule, _words(standard, rule)) for rule in asked_at(stage, standard))
            for stage in standard.gates
        },
        zone=policy.calendar.time_zone,
    )


def _words(standard: Standard, rule: RuleId) -> str:
    known = standard.rules.get(rule)
    return known.says if known else rule

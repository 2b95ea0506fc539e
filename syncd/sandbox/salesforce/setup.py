"""Rows that were there before the story began: users, queues, statuses, the organization.

They are neither checked nor journaled, unlike everything that happens later.
"""

from collections.abc import Callable
from typing import Any

from syncd.sandbox.salesforce.catalogue import CONVERTED_STATUSES, LEAD_STATUSES
from syncd.sandbox.salesforce.derive import derived_values
from syncd.sandbox.salesforce.ids import IdMint
from syncd.sandbox.salesforce.store import Store


class Setup:
    """Provisions an org's own furniture."""

    def __init__(self, store: Store, mint: IdMint, moment: Callable[[], str]) -> None:
        self._store = store
        self._mint = mint
        self._moment = moment

    def organization(self) -> str:
        return self._add("Organization", Name="Sandbox", OrganizationType="Sandbox")

    def automated_user(self) -> str:
        """In whose name changes are made by actors who are no users."""
        username = "autoproc@sandbox.example"
        return self._add("User", FirstName="Automated", LastName="Process", Username=username)

    def user(self, name: str, email: str) -> str:
        first, _, last = name.rpartition(" ")
        return self._add(
            "User",
            FirstName=first or None,
            LastName=last,
            Username=email,
            Email=email,
            IsActive=True,
            UserType="Standard",
        )

    def queue(self, name: str) -> str:
        return self._add("Group", Name=name, DeveloperName=name.replace(" ", "_"), Type="Queue")

    def lead_statuses(self) -> None:
        for place, status in enumerate(LEAD_STATUSES, start=1):
            self._add(
                "LeadStatus",
                MasterLabel=status,
                ApiName=status,
                SortOrder=place,
                IsDefault=place == 1,
                IsConverted=status in CONVERTED_STATUSES,
            )

    def _add(self, object_name: str, **values: Any) -> str:
        kind = self._store.table(object_name).kind
        moment = self._moment()
        record_id = self._mint.next(kind.prefix)
        creator = record_id if object_name == "User" else None
        row = {
            "Id": record_id,
            "IsDeleted": False,
            "CreatedDate": moment,
            "LastModifiedDate": moment,
            "SystemModstamp": moment,
            "CreatedById": creator,
            "LastModifiedById": creator,
            **values,
        }
        row |= derived_values(object_name, row, moment=moment)
        present = {name: value for name, value in row.items() if value is not None}
        self._store.commit([(kind.name, present)])
        return record_id

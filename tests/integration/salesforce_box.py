"""What the tests of the Salesforce adapter share: a side, a clock and a connected adapter."""

from datetime import timedelta

from world_time import WorldTime

from syncd.adapters.salesforce.adapter import Salesforce, connect_salesforce
from syncd.adapters.salesforce.connection import ClientCredentials, SalesforceConnection
from syncd.adapters.transport.session import Timeouts
from syncd.domain.mapping import SideMap
from syncd.domain.names import System
from syncd.domain.stage import Stage, StageLine
from syncd.sandbox.world import World

PROPERTIES = (
    "Status",
    "IsConverted",
    "ConvertedOpportunity.IsWon",
    "Email",
    "OwnerId",
    "NumberOfEmployees",
    "Buying_Role__c",
    "Syncd_Findings__c",
)
SIDE = SideMap(
    system=System.SALESFORCE,
    kind="Lead",
    stages=(
        StageLine(
            stage=Stage.CUSTOMER,
            values={"IsConverted": "true", "ConvertedOpportunity.IsWon": "true"},
            read_only=True,
        ),
        StageLine(stage=Stage.OPPORTUNITY, values={"IsConverted": "true"}, read_only=True),
        StageLine(stage=Stage.SAL, values={"Status": "Working"}),
        StageLine(stage=Stage.LEAD, values={"Status": "Open"}),
    ),
    email="Email",
    extra_emails=None,
    external_id=None,
    other_id=None,
    fixed_when={},
    record_url="https://example.my.salesforce.com/{id}",
    overlap=timedelta(minutes=10),
)


def connected(world: World, url: str, *, read_timeout: float = 10.0) -> Salesforce:
    """An adapter that waits on the world's clock."""
    connection = SalesforceConnection(
        domain="login",
        auth=ClientCredentials(client_id="syncd", client_secret="s3cret"),
        base_url=url,
    )
    return connect_salesforce(
        connection,
        side=SIDE,
        properties=PROPERTIES,
        clock=WorldTime(world),
        timeouts=Timeouts(read=read_timeout),
    )

from core_cases import COMPANY, CRM, NOW, SOURCE

from syncd.core.normalise import normalise
from syncd.domain.names import STAGE, RecordId, System
from syncd.domain.record import Directory, Record


def test_a_map_of_a_few_fields_reads_just_these_and_the_stage() -> None:
    record = Record(
        system=System.HUBSPOT,
        kind="contact",
        id=RecordId("101"),
        properties={"status": "mql", "company__c": "Acme", "source__c": "Webinar"},
        created_at=NOW,
        modified_at=NOW,
    )
    nobody = Directory(by_id={}, by_user_id={}, by_owner={})

    snapshot = normalise(record, CRM.only({COMPANY}), nobody)

    assert snapshot.values == {COMPANY: "Acme", STAGE: "mql"}
    assert SOURCE in CRM.fields

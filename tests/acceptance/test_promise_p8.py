"""P8: no secret and no personal datum in logs. (That adapters cut error bodies short is told
by their own tests; here, whatever the jobs log while all goes wrong.)"""

from decide_cases import AT_ONCE
from fakes import linked
from structlog.testing import capture_logs

from syncd.domain.action import Refused
from syncd.domain.names import RecordId
from syncd.domain.stage import Stage
from syncd.errors import AuthError, PermanentError, TransientError

PERSONAL = ("Quackenbush", "wilhelmina@personal.example", "+49 151 5550199")
FAILURES = ("poll", "history", "directory", "read", "update", "add_notes")


def test_p8_nothing_personal_is_logged_however_a_cycle_fails() -> None:
    made = linked(Stage.MQL, rules=AT_ONCE, budget_confirmed__c=False)
    made.sf.edit("00Q1", last_name__c=PERSONAL[0], email=PERSONAL[1], phone__c=PERSONAL[2])
    made.sf.move("00Q1", Stage.SQL)
    with capture_logs() as logs:
        for n, method in enumerate(FAILURES):
            made.sf.fails = {method: (TransientError("503"), AuthError("401"))[n % 2]}
            made.hs.fails = {method: PermanentError("400")}
            made.cycle(minutes=30)
        made.sf.fails, made.hs.fails = {}, {}
        made.hs.answers[RecordId("101")] = Refused(reason="INVALID_EMAIL")
        made.slack.fails = PermanentError("channel_not_found")
        made.cycles(3)

    assert logs
    assert not [x for x in PERSONAL if x.lower() in str(logs).lower()]

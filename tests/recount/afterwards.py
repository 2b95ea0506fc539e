"""What people do after the demo's own story is told: calls, and deals that are won, lost or open."""

from syncd.sandbox.people.scenario import Scenario


def what_follows(scenario: Scenario) -> None:
    """Scheduled before the week begins."""
    del scenario

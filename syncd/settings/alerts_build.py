"""Make the domain's AlertPolicy of `alerts` in config/policy.yaml.

Channels and calendars that are named must be there; every problem is added to the file.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from syncd.domain.calendar import Calendar
from syncd.domain.policy import AlertPolicy
from syncd.settings.alerts_file import AlertsPart
from syncd.settings.fitting import Fitted
from syncd.settings.policy_file import PolicyFile
from syncd.settings.problem import Path, did_you_mean


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertsBuilder:
    """`channels` are Slack's by their names in crm.yaml, None where that cannot be read."""

    file: Fitted[PolicyFile]
    channels: Mapping[str, str] | None
    calendars: Mapping[str, Calendar]

    def build(self, part: AlertsPart) -> AlertPolicy:
        if part.manager and "@" not in part.manager:
            what = f'"{part.manager}" is not an email address'
            self.file.fault(part.at("manager"), what, "write the address used in Slack")
        return AlertPolicy(
            channel=self._channel(part.at("channel"), part.channel),
            routes={
                kind: self._channel(part.at("routes", kind.value), name)
                for kind, name in part.routes.items()
            },
            manager=part.manager.lower() if part.manager else None,
            wait=part.group.wait,
            interval=part.group.interval,
            alone=part.group.alone,
            repeat=part.repeat,
            quiet=self._quiet(part),
        )

    def _channel(self, path: Path, name: str, *, on_key: bool = False) -> str:
        if self.channels is None:
            return name
        if name not in self.channels:
            what = f'unknown channel "{name}"'
            advice = did_you_mean(
                name, self.channels, otherwise="add it to connections.slack.channels in crm.yaml"
            )
            self.file.fault(path, what, advice, on_key=on_key)
        return self.channels.get(name, name)

    def _quiet(self, part: AlertsPart) -> dict[str, Calendar]:
        """The channels that are quiet while their calendar is closed."""
        quiet: dict[str, Calendar] = {}
        for name, named in part.quiet.items():
            path = part.at("quiet", name)
            channel = self._channel(path, name, on_key=True)
            if calendar := self._calendar(path, named):
                quiet[channel] = calendar
        return quiet

    def _calendar(self, path: Path, name: str) -> Calendar | None:
        """One that has problems of its own is not there, and not unknown."""
        written = self.file.source.names("calendars")
        if name not in self.calendars and name not in written:
            what = f'unknown calendar "{name}"'
            self.file.fault(path, what, did_you_mean(name, written))
        return self.calendars.get(name)

"""The demo for a log file: one line for each thing that happens, as it happens."""

import click
from rich.console import Console

from syncd.cli.demo.drive import Look
from syncd.cli.demo.feed import clock_words, happenings, message_words
from syncd.cli.demo.scenes import label, scenes
from syncd.cli.demo.workbench import Workbench
from syncd.sandbox.people.scenario import Scenario


class PlainView:
    """Implements `Viewer`."""

    def __init__(self) -> None:
        self._entries = 0
        self._messages = 0

    def seen(self, bench: Workbench, look: Look) -> None:
        world = bench.world
        for deed in look.deeds:
            click.echo(f"{clock_words(deed.at)}  {deed.intent.who.name:<14} clicks {label(deed)}")
        if look.number:
            for x in happenings(world, self._entries):
                click.echo(f"{clock_words(x.at)}  {x.who:<14} {x.what}")
            for message in world.slack.messages[self._messages :]:
                click.echo(
                    f"{clock_words(message.at)}  {'Slack':<14} {message_words(world, message)}"
                )
        self._entries, self._messages = len(world.journal), len(world.slack.messages)

    def over(self, scenario: Scenario) -> None:
        console = Console()
        for scene in scenes(scenario):
            console.print(scene)

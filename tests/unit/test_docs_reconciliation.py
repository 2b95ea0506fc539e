"""docs/RECONCILIATION.md tells every reason in the words of the product, with what to do."""

import re
from pathlib import Path

from syncd.cli.main import COMMANDS
from syncd.measure.gap_reasons import SAYS

PAGE = (Path(__file__).parents[2] / "docs/RECONCILIATION.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `([a-z-]+)` \| (.+?) \| (.+?) \|$", PAGE, re.MULTILINE)


def test_every_reason_is_told_in_its_order_as_the_command_says_it() -> None:
    assert [(name, says) for name, says, _ in ROWS] == [(x.value, SAYS[x]) for x in SAYS]


def test_what_to_do_names_commands_there_are() -> None:
    assert set(re.findall(r"`syncd (\w+)", PAGE)) <= COMMANDS.keys()

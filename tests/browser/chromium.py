"""Debian's chromium without a window: what a page becomes in a real browser.

Needs the Debian packages chromium and npm (`make system-deps`).
"""

import json
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

AXE = Path(__file__).parent / "axe"
_QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-logging=stderr",
)
_RUN = """
axe.run(document, {resultTypes: ["violations", "passes", "incomplete"]}).then(found => {
  const told = document.createElement("pre");
  told.id = "told";
  const brief = kind => found[kind].map(x => ({id: x.id, nodes: x.nodes.map(n => n.html)}));
  told.textContent = JSON.stringify({
    violations: brief("violations"), passes: brief("passes"), incomplete: brief("incomplete"),
    wide: document.documentElement.scrollWidth - window.innerWidth,
    paper: getComputedStyle(document.body).backgroundColor,
  });
  document.body.append(told);
});
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How somebody looks at it."""

    name: str
    size: str = "1200,1600"
    flags: tuple[str, ...] = ()


DARK = "--blink-settings=preferredColorScheme=0"
LOOKS = (
    Look(name="light"),
    Look(name="dark", flags=(DARK,)),
    Look(name="phone", size="500,900"),
    Look(name="dark phone", size="500,900", flags=(DARK,)),
)


def axe_script(place: Path) -> str:
    """The checker, as its lock file pins it; `place` is empty, and holds it afterwards."""
    for name in ("package.json", "package-lock.json"):
        shutil.copy(AXE / name, place)
    install = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
    subprocess.run(install, cwd=place, check=True, capture_output=True)
    return (place / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")


def checked(page: str, axe: str, look: Look, home: Path) -> Mapping[str, Any]:
    """What the checker finds on the page. Its policy lets no script run, so the checker is put
    in the policy's place."""
    without, policies = re.subn(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page)
    assert policies == 1
    ready = without.replace("</body>", f"<script>{axe}</script><script>{_RUN}</script></body>")
    dom, _ = browse(ready, home, look, "--virtual-time-budget=60000", "--dump-dom")
    told = re.search(r'<pre id="told">(.*?)</pre>', dom, re.DOTALL)
    assert told, "the checker did not end"
    found: Mapping[str, Any] = json.loads(unescaped(told[1]))
    return found


def unescaped(text: str) -> str:
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&nbsp;", "\u00a0"), ("&amp;", "&")):
        text = text.replace(entity, character)
    return text


def browse(page: str, home: Path, look: Look, *words: str) -> tuple[str, str]:
    """What the browser says of the page, and what it complains of."""
    home.mkdir()
    file = home / "page.html"
    file.write_text(page, encoding="utf-8")
    command = [
        "chromium",
        *_QUIET,
        f"--user-data-dir={home / 'profile'}",
        f"--window-size={look.size}",
        *look.flags,
        *words,
        file.as_uri(),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    return done.stdout, done.stderr

"""Tell people that a unit failed: a line in the journal, and Slack's incoming webhook if set.

Run by syncd-alert@.service as `syncd-alert.py UNIT HOST`. Standard library only, nothing of
syncd: it must work when syncd is broken. Never prints the webhook, which is a secret.
"""

import json
import os
import sys
import urllib.error
import urllib.request
from pathlib import Path

CRITICAL = "<2>"
"""How the journal is told a line's priority (see sd-daemon(3))."""


def main(unit: str, host: str) -> int:
    words = (
        f"{unit} on {host} failed and is not being restarted: no lead is watched, no SLA is kept. "
        f"Next: `journalctl -u {unit} -n 50` on {host}, then `systemctl restart {unit}`."
    )
    print(f"{CRITICAL}{words}", file=sys.stderr)  # noqa: T201 (the journal reads stderr)
    webhook = _webhook()
    return _post(webhook, words) if webhook else 0


def _webhook() -> str:
    path = Path(os.environ.get("CREDENTIALS_DIRECTORY", "")) / "slack_webhook"
    return path.read_text(encoding="utf-8").strip() if path.is_file() else ""


def _post(webhook: str, words: str) -> int:
    request = urllib.request.Request(  # noqa: S310 (the address is root's own configuration)
        webhook,
        data=json.dumps({"text": f":rotating_light: {words}"}).encode(),
        headers={"Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=10):  # noqa: S310 (as above)
            return 0
    except (urllib.error.URLError, OSError, ValueError) as error:
        why = getattr(error, "code", None) or type(error).__name__
        print(f"{CRITICAL}Slack could not be told: {why}", file=sys.stderr)  # noqa: T201 (as above)
        return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))

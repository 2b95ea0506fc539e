"""A signature changes its own lines of standard.yaml, and not a byte of the rest."""

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from config_files import example_copy

from syncd.core.standard_digest import digest_of
from syncd.domain.standard import Signature
from syncd.errors import ConflictError, SyncdError
from syncd.settings.load import load
from syncd.settings.signing_file import sign_file

ON = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
CARA = Signature(team="sales", name='Cara "CJ" Jü\\ng', on=ON, digest="f" * 64)

LINES = """\
  - team: sales
    name: "Cara \\"CJ\\" Jü\\\\ng"
    on: 2026-11-02T09:30:00Z
    digest: "%s"
""" % ("f" * 64)

ADA = "  - {team: marketing, name: Ada, on: 2026-10-26} # at last\n"
ADA_LINES = """\
  - team: marketing
    name: "Ada"
    on: 2026-10-26T00:00:00Z
"""

WAYS = {
    "no list": ("", f"\nsigned:\n{LINES}"),
    "an empty list": ("signed: []  # nobody yet\n", f"signed:\n{LINES.rstrip()}  # nobody yet\n"),
    "the other team": (f"signed:\n{ADA}", f"signed:\n{ADA}{LINES}"),
    "both": (
        f"signed:  # both\n{ADA}  # then sales\n  - {{team: sales, name: Ben, on: 2026-10-28}}\n",
        f"signed:  # both\n{ADA}  # then sales\n{LINES}",
    ),
    "the same team first": (
        f"signed:\n  - name: Ben\n    on: 2026-10-28 # long ago\n    team: sales\n\n{ADA}",
        f"signed:\n{LINES}\n{ADA}",
    ),
    "dashes at the margin": (
        "signed:\n- {team: marketing, name: Ada, on: 2026-10-26}\n",
        "signed:\n- {team: marketing, name: Ada, on: 2026-10-26}\n"
        + "".join(f"{line[2:]}\n" for line in LINES.splitlines()),
    ),
    "brackets": (
        "signed: [{team: marketing, name: Ada, on: 2026-10-26}]\n",
        f"signed:\n{ADA_LINES}{LINES}",
    ),
}


def written(tmp_path: Path, signed: str) -> tuple[Path, str]:
    """A standard with its signatures written this way, and the rest of its text."""
    path = example_copy(tmp_path) / "standard.yaml"
    text = path.read_text(encoding="utf-8")
    start, end = text.index("signed:\n"), text.index("# The requirements.")
    review = "review_by: 2027-06-30\n"
    head = text[: text.index(review)] + review
    path.write_text(f"{head}{signed}\n{text[end:]}", encoding="utf-8")
    assert start > len(head) - 1
    return path, f"{head}<signed>\n{text[end:]}"


@pytest.mark.parametrize("way", WAYS)
def test_the_signature_takes_its_place_and_the_rest_stays_as_it_was(
    tmp_path: Path, way: str
) -> None:
    before, after = WAYS[way]
    path, around = written(tmp_path, before)

    sign_file(path, path.read_bytes(), CARA)

    assert path.read_text(encoding="utf-8") == around.replace("<signed>", after)


def test_both_teams_sign_one_after_the_other_and_the_standard_is_signed(tmp_path: Path) -> None:
    path, _ = written(tmp_path, "signed: []\n")
    digest = digest_of(load(path.parent, {}, None).standard)

    for team in ("sales", "marketing"):
        sign_file(path, path.read_bytes(), replace(CARA, team=team, digest=digest))

    assert load(path.parent, {}, None).standard.is_signed()


def test_the_file_keeps_its_mode_and_a_link_stays_a_link(tmp_path: Path) -> None:
    path, _ = written(tmp_path, "")
    path.chmod(0o640)
    link = tmp_path / "standard.yaml"
    link.symlink_to(path)

    sign_file(link, path.read_bytes(), CARA)

    assert (path.stat().st_mode & 0o777, link.is_symlink()) == (0o640, True)
    assert "Cara" in path.read_text(encoding="utf-8")


def test_a_file_changed_meanwhile_is_left_alone(tmp_path: Path) -> None:
    path, _ = written(tmp_path, "signed: []\n")
    shown = path.read_bytes()
    path.write_bytes(shown + b"# more\n")

    with pytest.raises(ConflictError, match="changed meanwhile"):
        sign_file(path, shown, CARA)

    assert path.read_bytes() == shown + b"# more\n"
    assert sorted(x.name for x in path.parent.iterdir()) == [
        "crm.yaml",
        "policy.yaml",
        "standard.yaml",
    ]


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a file to somebody else")
def test_who_signs_by_sudo_does_not_take_the_file_from_its_owner(tmp_path: Path) -> None:
    path, _ = written(tmp_path, "signed: []\n")
    os.chown(path, 1234, 2345)

    sign_file(path, path.read_bytes(), CARA)

    assert (path.stat().st_uid, path.stat().st_gid) == (1234, 2345)


def test_where_nothing_can_be_written_it_says_so(tmp_path: Path) -> None:
    path, _ = written(tmp_path, "signed: []\n")
    content = path.read_bytes()
    gone = tmp_path / "gone" / "standard.yaml"

    with pytest.raises(SyncdError, match=r"cannot be written \(No such file"):
        sign_file(gone, content, CARA)

"""`syncd standard`: draft the standard, read it, sign it, and see what changed in it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import click

from syncd.cli.options import config_option, not_blank, source_of, who
from syncd.cli.standard_draft import draft
from syncd.core.signing import reasons_not_in_force
from syncd.core.standard_digest import digest_of, short
from syncd.core.value_words import counted, listed
from syncd.domain.standard import TEAMS, Signature, Standard
from syncd.errors import SyncdError
from syncd.settings.load import FILES, read_standard
from syncd.settings.signing_file import sign_file

STANDARD, _, CRM = FILES


@click.group()
def standard() -> None:
    """What qualified means: draft it, read it, sign it, compare two of it."""


standard.add_command(draft)


@standard.command()
@click.option(
    "--as", "team", required=True, type=click.Choice(TEAMS), help="The team you sign for."
)
@click.option("--name", default=who, callback=not_blank, help="Who signs. Default: your user name.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@config_option
def sign(team: str, name: str, yes: bool, config_dir: Path) -> None:
    """Put your team's signature under standard.yaml as it stands.

    It holds for this content alone: any later change of a word or a number makes it void, while
    comments and layout may change. Without both teams no gate blocks.
    """
    path = config_dir / STANDARD
    content = _content(path)
    settings = source_of(config_dir).load()
    digest = digest_of(settings.standard)
    click.echo(_what_is_signed(settings.standard))
    if not yes:
        click.confirm(f"Sign it as {name}, for {team}?", abort=True)
    on = datetime.now(UTC).replace(microsecond=0)
    sign_file(path, content, Signature(team=team, name=name, on=on, digest=digest))
    click.echo(_standing(read_standard(path, config_dir / CRM), on))


def _content(path: Path) -> bytes:
    """As it is before it is loaded, so that no edit between here and the signature is missed."""
    try:
        return path.read_bytes()
    except OSError:
        return b""  # loading says what is wrong with it


def _what_is_signed(found: Standard) -> str:
    variants = f", {counted(len(found.variants), 'variant')}" if found.variants else ""
    return "\n".join(
        (
            f"standard {found.version}, digest {short(digest_of(found))}",
            f"{counted(len(found.rules), 'rule')}{variants}",
            f"gates for {listed(found.gates, 'and')}",
            f"to be reviewed by {found.review_by}",
            *(f"signed by {x.name} for {x.team} on {x.on:%Y-%m-%d}" for x in found.signatures),
            "`syncd standard show` is the whole of it in plain words.",
        )
    )


def _standing(found: Standard, now: datetime) -> str:
    reasons = reasons_not_in_force(found, today=now.date())
    return "signed; " + (f"not in force yet: {'; '.join(reasons)}" if reasons else "in force")


@standard.command()
@click.argument("before", metavar="A", type=click.Path(exists=True, path_type=Path))
@click.argument("after", metavar="B", type=click.Path(exists=True, path_type=Path))
@config_option
@click.pass_context
def diff(ctx: click.Context, before: Path, after: Path, config_dir: Path) -> None:
    """What changed in meaning from A to B, in words. Exit 0: nothing did, 1: something did.

    Each is a standard.yaml, or a directory with one. Fields are those of the crm.yaml beside
    it, else beside the other, else of --config. For an earlier state:
    git show HEAD~1:config/standard.yaml > old.yaml
    """
    from syncd.compile.changes import changes_of  # no other command needs it

    crm_before, crm_after = _crm_beside(before), _crm_beside(after)
    configured = config_dir / CRM
    found = changes_of(
        read_standard(_file(before), crm_before or crm_after or configured),
        read_standard(_file(after), crm_after or crm_before or configured),
    )
    for heading, lines in (("Changed in meaning", found.meaning), ("Wording", found.wording)):
        if lines:
            click.echo("\n".join((f"{heading}:", *(f"  {line}" for line in lines))))
    if not (found.meaning or found.wording):
        click.echo("Nothing changed: whoever signed one has signed the other.")
    ctx.exit(1 if found.meaning or found.wording else 0)


def _file(path: Path) -> Path:
    return path / STANDARD if path.is_dir() else path


def _crm_beside(path: Path) -> Path | None:
    beside = _file(path).parent / CRM
    return beside if beside.is_file() else None


@standard.command()
@click.option(
    "--format",
    "form",
    type=click.Choice(("terminal", "markdown", "html")),
    default="terminal",
    show_default=True,
    help="How it is laid out.",
)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write it to a file.")
@config_option
def show(form: Literal["terminal", "markdown", "html"], out: Path | None, config_dir: Path) -> None:
    """The whole standard in plain words, as both teams sign it."""
    from syncd.cli.standard_page import rendered  # the daemon carries no templates along

    text = rendered(source_of(config_dir).load(), form, now=datetime.now(UTC), styled=out is None)
    if out is None:
        click.echo(text, nl=False)
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise SyncdError(f"{out} cannot be written: {error.strerror}") from error
    click.echo(f"{out} written")

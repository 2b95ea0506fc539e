"""`syncd reference`: write the generated reference and schemas, or tell whether they are stale."""

from collections.abc import Mapping
from pathlib import Path

import click

from syncd.cli.options import config_option


@click.command()
@config_option
@click.option("--write/--check", "write", required=True, help="Write them, or only compare.")
@click.pass_context
def reference(ctx: click.Context, config_dir: Path, write: bool) -> None:
    """Keep REFERENCE.md and schema/*.json equal to what syncd understands."""
    from syncd.settings.reference import generated  # brings tables along: `--help` needs none

    files = {config_dir / name: text for name, text in generated().items()}
    stale = [path for path, text in files.items() if not _says(path, text)]
    if write:
        _write({path: files[path] for path in stale})
    for path in stale:
        click.echo(f"{path}: written" if write else f"{path}: stale; run syncd reference --write")
    ctx.exit(0 if write or not stale else 1)


def _says(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8") == text


def _write(files: Mapping[Path, str]) -> None:
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

"""Write what was compiled into a directory, touching nothing that is not syncd's own.

A record beside the files says which were written and with what content. A file that is not in
it, or was edited since, is never replaced or removed. Killed half-way, the next run goes on.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from syncd.errors import SyncdError

RECORD = ".syncd-compiled.json"
_Digests = Mapping[str, frozenset[str]]
"""Path to the digests of what syncd may have left there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """`removed` are files of last time that are no longer made."""

    files: tuple[str, ...]
    removed: tuple[str, ...]


def write_files(out: Path, files: Mapping[str, str]) -> Written:
    """All of them, or SyncdError before the first when anything in the way is not ours."""
    known = _read_record(out)
    gone = sorted(known.keys() - files.keys())
    _insist_on_own(out, (*files, *gone), known)
    made = {path: frozenset({_digest(text)}) for path, text in files.items()}
    _write(out / RECORD, _record({**known, **{x: made[x] | known.get(x, made[x]) for x in made}}))
    for path, text in files.items():
        _write(out / path, text)
    for path in gone:
        _remove(out, path)
    _write(out / RECORD, _record(made))
    return Written(files=tuple(files), removed=tuple(gone))


def _insist_on_own(out: Path, paths: Iterable[str], known: _Digests) -> None:
    foreign = [x for x in paths if (out / x).exists() and not _is_own(out / x, known.get(x))]
    if foreign:
        raise SyncdError(
            f"{out} holds files that `syncd compile` did not write, or that were edited since: "
            f"{', '.join(foreign)}; nothing was written: move them away, or name another --out"
        )


def _is_own(file: Path, digests: frozenset[str] | None) -> bool:
    return bool(digests) and file.is_file() and _digest(file.read_text("utf-8")) in (digests or ())


def _read_record(out: Path) -> _Digests:
    file = out / RECORD
    if not file.exists():
        return {}
    try:
        return {path: frozenset(told) for path, told in json.loads(file.read_text("utf-8")).items()}
    except (ValueError, AttributeError, TypeError):
        raise SyncdError(
            f"{file} is no record of `syncd compile`: move it away, or name another --out"
        ) from None


def _record(digests: _Digests) -> str:
    return json.dumps({x: sorted(told) for x, told in sorted(digests.items())}, indent=1) + "\n"


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8", newline="\n")


def _remove(out: Path, path: str) -> None:
    """With the directories that it leaves empty."""
    (out / path).unlink(missing_ok=True)
    for parent in Path(path).parents:
        if parent == Path() or any((out / parent).iterdir()):
            return
        (out / parent).rmdir()

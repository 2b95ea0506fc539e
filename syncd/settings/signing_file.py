"""Put a team's signature into standard.yaml, and change nothing else of it.

The file is edited as text where its YAML nodes say: comments, order and layout stay byte for
byte. What came of it is read again before it takes the old file's place.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from syncd.domain.standard import Signature
from syncd.errors import ConflictError, SyncdError
from syncd.settings.fitting import fit
from syncd.settings.standard_file import SignaturePart, StandardFile
from syncd.settings.yaml_source import read_source


def sign_file(path: Path, content: bytes, signature: Signature) -> None:
    """Replace that team's signature, or add it. `content` is the file as it was when it was
    shown to who signs: ConflictError if it changed since, and nothing is written."""
    signed = signed_text(content.decode(), signature)
    try:
        _replace(path, content, signed.encode(), signature)
    except OSError as error:
        raise SyncdError(
            f"{path} cannot be written ({error.strerror}): sign as somebody who may write it "
            "and its directory"
        ) from error


def _replace(path: Path, content: bytes, signed: bytes, signature: Signature) -> None:
    """All of it or nothing, with the rights the file had."""
    real = path.resolve()  # a link stays one
    handle, name = tempfile.mkstemp(dir=real.parent, prefix=f".{real.name}.")
    scratch = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(signed)
            file.flush()
            os.fsync(file.fileno())
        _insist_only_signatures_changed(path, scratch, signature)
        _give_rights(scratch, real.stat())
        if real.read_bytes() != content:
            raise ConflictError(f"{path} was changed meanwhile: look at it again, and sign then")
        scratch.replace(real)
    finally:
        scratch.unlink(missing_ok=True)


def _give_rights(scratch: Path, wanted: os.stat_result) -> None:
    """Who signs by sudo must not take the file away from the worker that reads it. Others
    than root cannot give it to another: then it is theirs, with the same mode."""
    with suppress(PermissionError):
        os.chown(scratch, wanted.st_uid, wanted.st_gid)
    scratch.chmod(wanted.st_mode & 0o7777)


def signed_text(text: str, signature: Signature) -> str:
    """The file's text with this signature in it."""
    root = YAML(typ="rt", pure=True).compose(text)
    assert isinstance(root, MappingNode), "the file was loaded a moment ago"
    nodes = {key.value: (key, value) for key, value in root.value}
    if "signed" not in nodes:
        key, value = nodes["review_by"]
        return _inserted(text, _line_end(text, value.end_mark.index), _block("", signature))
    key, value = nodes["signed"]
    if isinstance(value, SequenceNode) and value.value and not value.flow_style:
        return _in_block(text, value, signature)
    return _in_place_of(text, key, value, signature)


def _in_block(text: str, listing: SequenceNode, signature: Signature) -> str:
    for entry in listing.value:
        if _of(entry)["team"] == signature.team:
            start, end = entry.start_mark.index, _end(entry)
            lines = _lines(signature, " " * entry.start_mark.column)
            return f"{text[:start]}{lines}{text[end:]}"
    dash = " " * _dash_column(text, listing)
    return _inserted(text, _line_end(text, _end(listing.value[-1])), _entry(dash, signature))


def _dash_column(text: str, listing: SequenceNode) -> int:
    """Where the dashes of a block list stand."""
    start = int(listing.start_mark.index)
    return start - (text.rfind("\n", 0, start) + 1)


def _in_place_of(text: str, key: Node, value: Node, signature: Signature) -> str:
    """An empty list, or one in brackets, becomes lines of its own."""
    kept = [_of(x) for x in value.value] if isinstance(value, SequenceNode) else []
    others = [_signature(x) for x in kept if x["team"] != signature.team]
    entries = "".join(_entry("  ", x) for x in (*others, signature))
    start = key.end_mark.index
    end = max(start + text[start:].index(":") + 1, value.end_mark.index)
    return f"{text[:start]}:{entries}{text[end:]}"


def _signature(entry: dict[str, str]) -> Signature:
    on = datetime.fromisoformat(entry["on"])
    return Signature(
        team=entry["team"],
        name=entry["name"],
        on=on.astimezone(UTC) if on.tzinfo else on.replace(tzinfo=UTC),
        digest=entry.get("digest", ""),
    )


def _of(entry: MappingNode) -> dict[str, str]:
    return {key.value: value.value for key, value in entry.value}


def _end(node: Node) -> int:
    """A block ends with its last value; its own mark counts comments and blank lines below."""
    return max(int(x.end_mark.index) for x in _leaves(node))


def _leaves(node: Node) -> Iterator[Node]:
    if isinstance(node, ScalarNode) or getattr(node, "flow_style", False):
        yield node
        return
    for part in node.value:
        for x in part if isinstance(part, tuple) else (part,):
            yield from _leaves(x)


def _line_end(text: str, index: int) -> int:
    """Behind whatever else stands on the line, a comment say."""
    end = text.find("\n", index)
    return len(text) if end < 0 else end


def _inserted(text: str, index: int, lines: str) -> str:
    return f"{text[:index]}{lines}{text[index:]}"


def _block(indent: str, signature: Signature) -> str:
    return f"\n\n{indent}signed:{_entry(f'{indent}  ', signature)}"


def _entry(dash: str, signature: Signature) -> str:
    return f"\n{dash}- {_lines(signature, f'{dash}  ')}"


def _lines(signature: Signature, indent: str) -> str:
    name = signature.name.replace("\\", "\\\\").replace('"', '\\"')
    lines = (
        f"team: {signature.team}",
        f'name: "{name}"',
        f"on: {signature.on:%Y-%m-%dT%H:%M:%SZ}",
        *((f'digest: "{signature.digest}"',) if signature.digest else ()),
    )
    return f"\n{indent}".join(lines)


def _insist_only_signatures_changed(path: Path, scratch: Path, signature: Signature) -> None:
    before, after = (fit(read_source(x, str(path)), StandardFile) for x in (path, scratch))
    old, new = before.model, after.model
    is_sound = (
        old is not None
        and new is not None
        and not after.problems
        and old.model_copy(update={"signed": ()}) == new.model_copy(update={"signed": ()})
        and sorted(map(_said, new.signed))
        == sorted([*(_said(x) for x in old.signed if x.team != signature.team), _said(signature)])
    )
    if not is_sound:
        raise SyncdError(
            f"{path}: the signature cannot be put into `signed` the way it is written there; "
            "write `signed: []` instead, and have both teams sign"
        )


def _said(part: SignaturePart | Signature) -> tuple[str, str, datetime, str]:
    return part.team, part.name, part.on, part.digest or ""

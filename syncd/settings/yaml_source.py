"""Read one YAML file into plain values that still know their line and column.

Built on ruamel.yaml's round-trip nodes, so that every mistake can be placed. Knows YAML
only: nothing here knows what a standard or a policy is.
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path as FilePath

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from syncd.settings.problem import Mistake, Path, Problem

_TAG = "tag:yaml.org,2002:"
_LARGEST = 1_000_000
_HOW_IT_STARTS = "write keys and values, as in the example of config/REFERENCE.md"


class Section(dict[str, object]):
    """A YAML mapping that knows its path."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path


class Listing(list[object]):
    """A YAML list that knows its path."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path


@dataclass(slots=True)
class Source:
    """One file as read. `tree` is None when it holds nothing usable. Places count from 1."""

    file: str
    tree: Section | None = None
    problems: list[Problem] = field(default_factory=list)
    value_places: dict[Path, tuple[int, int]] = field(default_factory=dict)
    key_places: dict[Path, tuple[int, int]] = field(default_factory=dict)

    def problem(self, path: Path, message: str, *, on_key: bool = False) -> Problem:
        """A problem at this path, or at the nearest enclosing place the file has."""
        line, column = self._place(path, on_key=on_key)
        return Problem(file=self.file, line=line, column=column, message=message)

    def place(self, path: Path) -> str:
        """`config/crm.yaml:88`, for messages that send a person there."""
        return f"{self.file}:{self._place(path, on_key=True)[0]}"

    def _place(self, path: Path, *, on_key: bool) -> tuple[int, int]:
        first, second = self.value_places, self.key_places
        if on_key:
            first, second = second, first
        while path:
            place = first.get(path) or second.get(path)
            if place is not None:
                return place
            path, first, second = path[:-1], self.key_places, self.value_places
        return (1, 1)

    def names(self, *path: str) -> frozenset[str]:
        """The keys written under a path, whether or not what they hold is sound."""
        here: object = self.tree
        for key in path:
            here = here.get(key) if isinstance(here, dict) else None
        return frozenset(here) if isinstance(here, dict) else frozenset()


def read_source(path: FilePath, label: str) -> Source:
    """Read a file; whatever is wrong with it as YAML is in `problems`."""
    source = Source(file=label)
    try:
        text = text_of(path)
        root = YAML(typ="rt", pure=True).compose(text)
    except Mistake as mistake:
        _fail(source, 1, 1, str(mistake))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        _fail(source, mark.line + 1, mark.column + 1, _syntax_words(error))
    except (YAMLError, RecursionError):
        _fail(source, 1, 1, f"cannot be read as YAML; {_HOW_IT_STARTS}")
    else:
        _fill(source, root)
    return source


def _fill(source: Source, root: Node | None) -> None:
    if root is None:
        _fail(source, 1, 1, f"the file is empty; {_HOW_IT_STARTS}")
    elif not isinstance(root, MappingNode):
        kind = "a list" if isinstance(root, SequenceNode) else "a single value"
        _fail(source, *_at(root), f"the file holds {kind}, not keys and values; {_HOW_IT_STARTS}")
    else:
        source.tree = _Reading(source).section(root, ())


def text_of(path: FilePath) -> str:
    """What a text file says. Mistake where it cannot be read."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise Mistake("the file is missing", "copy the example of this name and edit it") from None
    except OSError as error:
        raise Mistake(f"the file cannot be read ({error.strerror})", "check its rights") from None
    if len(content) > _LARGEST:
        raise Mistake("the file is larger than 1 MB", "is it the right file?")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise Mistake(f"line {line} is not UTF-8 text", "save the file as UTF-8") from None


def _syntax_words(error: MarkedYAMLError) -> str:
    problem = error.problem or "it stops making sense here"
    if "'\\t'" in problem or "tab" in problem:
        return "a tab stands where spaces belong; indent with spaces"
    if "undefined alias" in problem or "cannot start any token" in problem:
        return f"{problem.replace(chr(39), chr(34))}; put the text in quotes"
    if "another document" in problem:
        return 'a second document starts here; remove the line "---"'
    advice = "check indentation, colons and quotes here and on the line above"
    return f"not YAML: {problem.replace(chr(39), chr(34))}; {advice}"


def _fail(source: Source, line: int, column: int, message: str) -> None:
    source.problems.append(Problem(file=source.file, line=line, column=column, message=message))


def _at(node: Node) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1


class _Reading:
    """Turns nodes into values and writes down where each came from."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def section(self, node: MappingNode, path: Path) -> Section:
        section = Section(path)
        for key_node, value_node in node.value:
            key = self._key(key_node)
            if key is None:
                continue
            here = (*path, key)
            if key in section:
                self._twice(key_node, key, here)
                continue
            self._source.key_places[here] = _at(key_node)
            section[key] = self._value(value_node, here)
        return section

    def _key(self, node: Node) -> str | None:
        if not isinstance(node, ScalarNode) or node.tag == f"{_TAG}merge":
            _fail(self._source, *_at(node), "this cannot be a key; write a plain name")
            return None
        return str(node.value)

    def _twice(self, node: Node, key: str, path: Path) -> None:
        first, _ = self._source.key_places[path]
        words = f'"{key}" is there twice (first on line {first}); keep one of them'
        _fail(self._source, *_at(node), words)

    def _value(self, node: Node, path: Path) -> object:
        self._source.value_places[path] = _at(node)
        if node.anchor is not None:
            # An alias may hold itself, or grow without bounds: plain files need none.
            _fail(self._source, *_at(node), "anchors are not supported; write the value out")
            return None
        if isinstance(node, MappingNode):
            return self.section(node, path)
        if isinstance(node, SequenceNode):
            listing = Listing(path)
            listing.extend(self._value(item, (*path, i)) for i, item in enumerate(node.value))
            return listing
        return self._scalar(node)

    def _scalar(self, node: Node) -> object:
        try:
            return _plain(str(node.tag), str(node.value))
        except (ValueError, ArithmeticError):
            words = f'"{node.value}" is neither a number nor a date; put text in quotes'
            _fail(self._source, *_at(node), words)
            return None


def _plain(tag: str, text: str) -> object:
    match tag.removeprefix(_TAG):
        case "null":
            return None
        case "bool":
            return text.lower() == "true"
        case "int":
            return _whole(text.replace("_", ""))
        case "float":
            return Decimal(re.sub(r"^([-+]?)\.(inf|nan)$", r"\1\2", text.replace("_", "").lower()))
        case "timestamp":
            return _instant(text)
        case _:
            return text


def _whole(text: str) -> int:
    return int(text) if text.lstrip("+-").isdigit() else int(text, 0)


def _instant(text: str) -> date | datetime:
    if re.fullmatch(r"\d{4}-\d{1,2}-\d{1,2}", text):
        year, month, day = map(int, text.split("-"))
        return date(year, month, day)
    moment = datetime.fromisoformat(text.strip())
    return moment if moment.tzinfo is None else moment.astimezone(UTC)

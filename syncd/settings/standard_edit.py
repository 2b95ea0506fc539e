"""Show a change of the standard as a change of its file: the lines that would differ, and nothing
of its layout and comments besides. Writes no file.
"""

from difflib import unified_diff
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from syncd.domain.names import RuleId
from syncd.domain.stage import Stage

_NAME = "standard.yaml"
_UNENDED = "\\ No newline at end of file"


def without_rule(text: str, stage: Stage, rule: RuleId) -> str:
    """The file's text where no gate to that stage asks for this rule under `all`. ValueError
    where that cannot be had by leaving something out: then a person has to write it."""
    edited = text
    for listing in reversed(_listings(text, stage)):
        edited = _left_out(edited, listing, rule)
    if edited == text or _loaded(edited) != _expected(_loaded(text), stage, rule):
        raise ValueError(
            f'"{rule}" cannot be taken out of the gate to {stage} the way it is written'
        )
    return edited


def diff_of(before: str, after: str) -> str:
    """As `git apply` and `patch -p1` take it, in the directory of standard.yaml."""
    lines = unified_diff(
        before.splitlines(keepends=True),
        after.splitlines(keepends=True),
        f"a/{_NAME}",
        f"b/{_NAME}",
    )
    return "".join(x if x.endswith("\n") else f"{x}\n{_UNENDED}\n" for x in lines)


def _listings(text: str, stage: Stage) -> list[SequenceNode]:
    """Every list `all` of a gate to that stage, everybody's first, in the file's order."""
    root = YAML(typ="rt", pure=True).compose(text)
    variants = _value(root, "variants")
    holders = [root, *(variants.value if isinstance(variants, SequenceNode) else ())]
    found = [_value(_value(_value(x, "gates"), stage.value), "all") for x in holders]
    lists = [x for x in found if isinstance(x, SequenceNode)]
    return sorted(lists, key=lambda x: int(x.start_mark.index))


def _value(node: Node | None, name: str) -> Node | None:
    pairs = node.value if isinstance(node, MappingNode) else ()
    return next((value for key, value in pairs if key.value == name), None)


def _left_out(text: str, listing: SequenceNode, rule: RuleId) -> str:
    names = [x.value for x in listing.value]
    if rule not in names or len(names) == 1:
        return text
    place = names.index(rule)
    spans = [(int(x.start_mark.index), int(x.end_mark.index)) for x in listing.value]
    start, end = spans[place]
    if not listing.flow_style:
        start = text.rfind("\n", 0, start) + 1
        end = text.find("\n", end) + 1 or len(text)
    elif place:
        start = spans[place - 1][1]
    else:
        end = spans[1][0]
    return text[:start] + text[end:]


def _loaded(text: str) -> Any:
    return YAML(typ="safe", pure=True).load(StringIO(text))


def _expected(content: Any, stage: Stage, rule: RuleId) -> Any:
    for holder in (content, *(content.get("variants") or ())):
        gate = (holder.get("gates") or {}).get(stage.value)
        if gate and rule in gate.get("all", ()):
            gate["all"] = [x for x in gate["all"] if x != rule]
    return content

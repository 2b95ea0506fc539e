"""Name a place in a file as an admin would: `rule "budget-known"`, `gate "sql"`."""

from syncd.settings.problem import Path

_ENTRIES = {
    "rules": "rule",
    "gates": "gate",
    "variants": "variant",
    "fields": "field",
    "calendars": "calendar",
    "marks": "mark",
    "handoffs": "handoff",
    "away": "away",
    "teams": "team",
    "rejections": "rejection",
}


def entry(path: Path, tree: object) -> str:
    """The named entry a path lies in, or its section; "" at the top of the file."""
    return _split(path, tree)[0]


def place(path: Path, tree: object) -> str:
    """The entry and the keys below it, joined by a colon."""
    name, rest = _split(path, tree)
    return ": ".join(part for part in (name, ".".join(_keys(rest))) if part)


def _split(path: Path, tree: object) -> tuple[str, Path]:
    match path:
        case (str(section), (str() | int()) as key, *rest) if section in _ENTRIES:
            return f"{_ENTRIES[section]} {_name(tree, section, key)}", tuple(rest)
        case ("signed", int(number), *rest):
            return f"signature {number + 1}", tuple(rest)
        case ("score", "points", int(number), *rest):
            return f"points {number + 1}", tuple(rest)
        case (("salesforce" | "hubspot") as side, "stages", int(number), *rest):
            return f"{side}: stage line {number + 1}", tuple(rest)
        case _:
            return "", path


def _name(tree: object, section: str, key: str | int) -> str:
    if isinstance(key, str):
        return f'"{key}"'
    try:
        item = tree[section][key]  # type: ignore[index]  # any shape may stand here
        found = item["name" if section == "variants" else "id"]
    except (KeyError, TypeError, IndexError):
        found = None
    return f'"{found}"' if isinstance(found, str) else str(key + 1)


def _keys(path: Path) -> list[str]:
    """Keys as written; a list position counts from 1."""
    return [f"item {key + 1}" if isinstance(key, int) else key for key in path]

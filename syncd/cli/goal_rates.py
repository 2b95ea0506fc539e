"""Rates as a person types them, from the sale back: `15%,6%` or `appointments=15%,leads=6%`."""

from syncd.measure.goal import Step

SALES = "sales"
_LEAST, _MOST = 1e-6, 20
_NAMES = {1: ("leads",), 2: ("appointments", "leads")}
"""What the steps are called where nobody says: those of most sales."""


def read_rates(text: str) -> tuple[Step, ...]:
    """ValueError says what is wrong."""
    parts = [x.strip() for x in text.split(",")]
    if len(parts) > _MOST:
        raise ValueError(f"{len(parts)} rates are more than the {_MOST} steps there can be")
    named = [x for x in parts if "=" in x]
    if named and len(named) != len(parts):
        raise ValueError("name all of the steps, or none of them")
    if not named:
        return _unnamed(parts)
    steps = tuple(_step(*(y.strip() for y in x.split("=", 1))) for x in parts)
    if len({x.name for x in steps} | {SALES}) <= len(steps):
        raise ValueError(f"each step is named once, and {SALES} are what they lead to")
    return steps


def _unnamed(parts: list[str]) -> tuple[Step, ...]:
    if (names := _NAMES.get(len(parts))) is None:
        raise ValueError(
            f"{len(parts)} rates need names, from the sale back: opportunities=25%,SQLs=40%,…"
        )
    return tuple(_step(name, rate) for name, rate in zip(names, parts, strict=True))


def _step(name: str, rate: str) -> Step:
    if not name:
        raise ValueError(f"={rate} names no step")
    return Step(name=name, rate=_rate(rate))


def _rate(text: str) -> float:
    number = text.removesuffix("%").strip()
    try:
        value = float(number) / (100 if text.endswith("%") else 1)
    except ValueError:
        raise ValueError(f"{text!r} is no rate; write 15% or 0.15") from None
    if not _LEAST <= value <= 1:
        raise ValueError(
            f"{text} is no rate above 0 (0.0001 % at least) and up to 100 %; write 15% or 0.15"
        )
    return value

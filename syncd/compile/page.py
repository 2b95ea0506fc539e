"""Lay the readable standard out as one HTML page that needs nothing else: no script, no
reference to anywhere. Its policy lets a browser load nothing but its own style.

Not for the daemon: it would carry the templates along.
"""

from base64 import b64encode
from decimal import Decimal
from hashlib import sha256
from itertools import groupby

from jinja2 import Environment, PackageLoader, StrictUndefined

from syncd.compile.document import Block, Clause, Document, Scale

_WIDTH = Decimal(1000)
"""Of the picture of a scale, in its own units."""


def page_of(document: Document) -> str:
    environment = Environment(
        loader=PackageLoader("syncd.compile", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"kind": _kind, "steps": _steps, "by_question": _by_question}
    style = environment.get_template("standard.css").render()
    return environment.get_template("standard.html").render(
        document=document, style=style, allowed=allowed_style(style)
    )


def allowed_style(style: str) -> str:
    """The one style the page may have, for its content security policy."""
    return f"'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'"


def _kind(block: Block) -> str:
    return type(block).__name__


def _by_question(blocks: tuple[Block, ...]) -> list[tuple[str, list[Block]]]:
    """Clauses of one kind together, below its question."""
    parted = groupby(blocks, key=lambda x: x.kind if isinstance(x, Clause) else "")
    return [(question, list(of_kind)) for question, of_kind in parted]


def _steps(scale: Scale) -> list[dict[str, str]]:
    """Where each step is drawn."""
    start, end = scale.steps[0].start, scale.steps[-1].end
    unit = _WIDTH / (end - start)
    return [
        {
            "name": x.name,
            "from": f"{x.start.normalize():f}",
            "x": f"{(x.start - start) * unit:.1f}",
            "width": f"{(x.end - x.start) * unit:.1f}",
        }
        for x in scale.steps
    ]

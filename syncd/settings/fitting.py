"""Hold a file's values against its model, and say everything that does not fit at once.

A value that does not fit is replaced by the model's own example, so that the checks
across entries and files still run over the rest. What was replaced is remembered, and
nothing is reported about it twice. The result of a faulty file must never be used.
"""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from syncd.settings import labels
from syncd.settings.misfit import RENAMED, misfit_words
from syncd.settings.model_shape import field_at
from syncd.settings.part import Part
from syncd.settings.problem import Path, Problem
from syncd.settings.yaml_source import Listing, Section, Source

FileModel = TypeVar("FileModel", bound=Part)


@dataclass(slots=True, kw_only=True)
class Fitted(Generic[FileModel]):
    """A file and what is known to be wrong with it. `model` is None when nothing is usable."""

    source: Source
    model: FileModel | None
    problems: list[Problem]
    replaced: list[Path] = field(default_factory=list)

    def fault(
        self, path: Path, what: str, next_step: str, *, on_key: bool = False, bare: bool = False
    ) -> None:
        """Add a problem found later, unless the place was faulty already. A `bare` one
        is introduced by its entry alone."""
        if any(path[: len(old)] == old for old in self.replaced):
            return
        name = labels.entry if bare else labels.place
        where = name(path, self.source.tree)
        message = f"{where}: {what}; {next_step}" if where else f"{what}; {next_step}"
        self.problems.append(self.source.problem(path, message, on_key=on_key))

    def lacks(self, path: Path, what: str, next_step: str) -> None:
        """Add that a section lacks something, unless a faulty part of it may be just that."""
        if not any(old[: len(path)] == path for old in self.replaced):
            self.fault(path, what, next_step, on_key=True, bare=True)


def fit(source: Source, model: type[FileModel]) -> Fitted[FileModel]:
    """Read a file's values into its model as far as that goes."""
    fitted = Fitted[FileModel](source=source, model=None, problems=list(source.problems))
    if source.tree is None:
        return fitted
    tree = deepcopy(source.tree)
    try:
        fitted.model = model.model_validate(tree)
    except ValidationError as error:
        details = _own_faults(error.errors(include_url=False))
        _report(fitted, model, details)
        for detail in reversed(details):
            fitted.replaced.append(_mend(model, tree, _path(detail)))
        fitted.model = _second_try(model, tree)
    return fitted


def _own_faults(details: list[ErrorDetails]) -> list[ErrorDetails]:
    """Without what another fault explains: lists called too short only because an item of
    theirs is faulty itself, and keys missing that stand there under their old name."""
    places = {detail["loc"] for detail in details if detail["type"] == "extra_forbidden"}
    renamed = {
        (*place[:-1], RENAMED[old][0]) for place in places if (old := str(place[-1])) in RENAMED
    }
    return [
        detail
        for detail in details
        if not (detail["type"] == "missing" and detail["loc"] in renamed)
        and not (
            detail["type"] == "too_short"
            and any(_is_below(other["loc"], detail["loc"]) for other in details)
        )
    ]


def _is_below(path: Path, above: Path) -> bool:
    return len(path) > len(above) and path[: len(above)] == above


def _second_try(model: type[FileModel], tree: Section) -> FileModel | None:
    try:
        return model.model_validate(tree)
    except ValidationError:
        return None


def _report(
    fitted: Fitted[FileModel], model: type[FileModel], details: Iterable[ErrorDetails]
) -> None:
    known = {(problem.line, problem.column) for problem in fitted.problems}
    for detail in details:
        path = _path(detail)
        about_key = detail["type"] in ("missing", "extra_forbidden") or _is_key(detail)
        what, next_step = misfit_words(detail, model)
        where = labels.place(path[:-1] if about_key else path, fitted.source.tree)
        message = f"{where}: {what}; {next_step}" if where else f"{what}; {next_step}"
        problem = fitted.source.problem(path, message, on_key=about_key)
        if (problem.line, problem.column) not in known:  # YAML itself complained here already
            fitted.problems.append(problem)


def _path(detail: ErrorDetails) -> Path:
    loc = detail["loc"]
    return loc[:-1] if _is_key(detail) else loc


def _is_key(detail: ErrorDetails) -> bool:
    """Whether a mapping's key was refused, not its value."""
    return detail["loc"][-1:] == ("[key]",)


def _mend(model: type[Part], tree: Section, path: Path) -> Path:
    """Put the example where the fault is, or take the entry out; answers what was touched."""
    here: object = tree
    for key in path[:-1]:
        here = here[key] if isinstance(here, Mapping | Listing) else None  # type: ignore[index]  # keys fit by construction
    last = path[-1]
    found = field_at(model, path)
    if isinstance(here, dict) and found is not None:
        here[last] = deepcopy((found.examples or [None])[0])
    elif isinstance(here, dict):
        here.pop(last, None)
    elif isinstance(here, Listing) and isinstance(last, int):
        del here[last]
    return path

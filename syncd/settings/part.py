"""The base of every model that configuration text is read into.

Models describe shape, words and examples; what only makes sense across entries or
files is checked where the domain objects are built.
"""

from typing import Any, Self

from pydantic import BaseModel, ConfigDict, ModelWrapValidatorHandler, PrivateAttr, model_validator

from syncd.settings.problem import Path


class Part(BaseModel):
    """One section of a file; it remembers its path, so that later checks can place a problem."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", validate_by_alias=True, use_attribute_docstrings=False
    )

    _path: Path = PrivateAttr(default=())

    @model_validator(mode="wrap")
    @classmethod
    def _remember_path(cls, value: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        part = handler(value)
        part._path = getattr(value, "path", ())  # noqa: SLF001 - its own attribute, set as it is born
        return part

    def at(self, *below: str | int) -> Path:
        """Where this part stands, or something below it."""
        return (*self._path, *below)

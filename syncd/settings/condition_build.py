"""Make a domain condition of one rule's test or group, or report why it cannot be one."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from syncd.domain.names import FieldName
from syncd.domain.standard import (
    AllOf,
    AnyOf,
    AtLeast,
    AtMost,
    Between,
    Blank,
    Condition,
    FieldTest,
    Is,
    Matches,
    NoneOf,
    Not,
    OneOf,
    Present,
    Test,
    Within,
)
from syncd.domain.values import FieldSpec, Value
from syncd.settings.condition_file import ConditionPart, WindowPart
from syncd.settings.condition_shape import ShapeFault, shape_fault, tests_of
from syncd.settings.field_values import fitting_value, test_misfit, unknown_field
from syncd.settings.fitting import Fitted
from syncd.settings.patterns import compile_pattern
from syncd.settings.policy_file import PolicyFile
from syncd.settings.problem import Mistake, Path
from syncd.settings.standard_file import StandardFile

_LISTS = ("one_of", "none_of", "between")


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldMap:
    """What rules may name: the sound fields by name, and every name that is written.
    `names` is None when crm.yaml cannot be read: then no name can be called unknown.
    `named_in` is the file where a field is added."""

    specs: Mapping[FieldName, FieldSpec]
    names: Collection[str] | None
    named_in: str = "crm.yaml"

    def knows(self, name: str) -> bool:
        return self.names is None or name in self.names


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionBuilder:
    """Builds against one field map; every problem goes to `file`, and None comes back."""

    fields: FieldMap
    file: Fitted[StandardFile] | Fitted[PolicyFile]

    def build(self, part: ConditionPart) -> Condition | None:
        fault = shape_fault(part)
        if fault:
            self._report(part, fault)
            return None
        if part.not_ is not None:
            inner = self.build(part.not_)
            return Not(inner) if inner else None
        if part.all is not None:
            return AllOf(self._each(part.all))
        if part.any is not None:
            return AnyOf(self._each(part.any))
        return self._field_test(part)

    def _report(self, part: ConditionPart, fault: ShapeFault) -> None:
        if fault.key:
            path = part.at(fault.key)
            self.file.fault(path, fault.what, fault.next_step, on_key=True, bare=True)
        else:
            self.file.lacks(part.at(), fault.what, fault.next_step)

    def spec(self, path: Path, name: str) -> FieldSpec | None:
        """The field of this name; None when it is unknown (reported) or faulty itself."""
        if not self.fields.knows(name):
            mistake = unknown_field(name, self.fields.names or (), self.fields.named_in)
            self.file.fault(path, mistake.what, mistake.next_step, bare=True)
        return self.fields.specs.get(FieldName(name))

    def _each(self, parts: tuple[ConditionPart, ...]) -> tuple[Condition, ...]:
        built = [self.build(part) for part in parts]
        return tuple(condition for condition in built if condition is not None)

    def _field_test(self, part: ConditionPart) -> Condition | None:
        name, kind = FieldName(part.field or ""), tests_of(part)[0]
        spec = self.spec(part.at("field"), name)
        mistake = test_misfit(kind, spec) if spec else None
        if mistake:
            self.file.fault(part.at(kind), mistake.what, mistake.next_step, on_key=True, bare=True)
            return None
        if spec and not self._numbers_fit(part, kind, spec):
            return None
        test = self._plain_test(part) or (self._values_test(part, spec) if spec else None)
        return FieldTest(name, test) if test else None

    def _numbers_fit(self, part: ConditionPart, kind: str, spec: FieldSpec) -> bool:
        bounds = {"at_least": (part.at_least,), "at_most": (part.at_most,), "between": part.between}
        written = bounds.get(kind) or ()
        return len(self._values(part, kind, written, spec)) == len(written)

    def _plain_test(self, part: ConditionPart) -> Test | None:
        """A test that is the same for every field it can be asked of."""
        if part.present:
            return Present()
        if part.blank:
            return Blank()
        if part.at_least is not None:
            return AtLeast(part.at_least)
        if part.at_most is not None:
            return AtMost(part.at_most)
        if part.between is not None:
            return self._between(part, part.between)
        if part.matches is not None:
            return self._matches(part, part.matches)
        return self._within(part.within) if part.within is not None else None

    def _values_test(self, part: ConditionPart, spec: FieldSpec) -> Test | None:
        """A test of values, which must be such as the field can hold."""
        if part.one_of is not None:
            return OneOf(self._values(part, "one_of", part.one_of, spec))
        if part.none_of is not None:
            return NoneOf(self._values(part, "none_of", part.none_of, spec))
        values = self._values(part, "is", (part.is_,), spec) if part.is_ is not None else ()
        return Is(values[0]) if values else None

    def _values(
        self, part: ConditionPart, key: str, written: tuple[object, ...], spec: FieldSpec
    ) -> tuple[Value, ...]:
        values = []
        for number, value in enumerate(written):
            try:
                values.append(fitting_value(value, spec))
            except Mistake as mistake:
                path = part.at(key, number) if key in _LISTS else part.at(key)
                self.file.fault(path, mistake.what, mistake.next_step, bare=True)
        return tuple(values)

    def _between(self, part: ConditionPart, ends: tuple[Decimal, ...]) -> Test | None:
        if len(ends) == 2 and ends[0] <= ends[1]:
            return Between(*ends)
        path = part.at("between")
        self.file.fault(path, "these are not two rising numbers", "write [50, 5000]")
        return None

    def _matches(self, part: ConditionPart, text: str) -> Test | None:
        try:
            pattern = compile_pattern(text)
        except Mistake as mistake:
            self.file.fault(part.at("matches"), mistake.what, mistake.next_step)
            return None
        return Matches(pattern, part.in_words or f"text like {text}")

    def _within(self, window: WindowPart) -> Test | None:
        if window.last is None and window.next is None:
            self.file.fault(window.at(), "no stretch of time is given", "write {last: 30 days}")
            return None
        return Within(last=window.last, next=window.next)

"""Make the typed field map of crm.yaml: every field, and the marks only syncd writes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from syncd.domain.mapping import Mark
from syncd.domain.names import OWNER, STAGE, FieldName, System
from syncd.domain.values import Direction, FieldSpec, FieldType
from syncd.settings.conversion import STANDARD
from syncd.settings.crm_file import CrmFile, FieldPart, MarkPart
from syncd.settings.field_values import PICKLISTS
from syncd.settings.fitting import Fitted
from syncd.settings.problem import Path

_MARK_TYPES: Mapping[Mark, FieldType] = {
    Mark.VERDICT: FieldType.STRING,
    Mark.FINDINGS: FieldType.TEXT,
    Mark.STANDARD: FieldType.STRING,
    Mark.RECYCLES: FieldType.INTEGER,
    Mark.RECYCLE_REASON: FieldType.STRING,
    Mark.WAIVED: FieldType.STRING,
    Mark.WAIVED_UNTIL: FieldType.DATETIME,
}


def mark_name(mark: Mark) -> FieldName:
    """The canonical name of a mark's field."""
    return FieldName(f"syncd_{mark.value}")


def build_fields(file: Fitted[CrmFile], model: CrmFile) -> Mapping[FieldName, FieldSpec]:
    """All fields by name; what is wrong with them is added to the file."""
    builder = _Builder(file, model)
    builder.check_names()
    builder.check_clashes()
    fields = {FieldName(name): builder.field(name, part) for name, part in model.fields.items()}
    marks = {mark_name(mark): builder.mark(mark, part) for mark, part in model.marks.items()}
    return {**fields, **marks}


@dataclass(frozen=True, slots=True)
class _Builder:
    file: Fitted[CrmFile]
    model: CrmFile

    def check_names(self) -> None:
        """`owner` must be there; the names syncd gives by itself must not."""
        fields = self.model.fields
        if OWNER not in fields and OWNER not in self.file.source.names("fields"):
            what = "there is no owner, so that no lead could be handed over"
            next_step = "add owner: {type: owner, salesforce: OwnerId, hubspot: hubspot_owner_id}"
            self.file.fault(("fields",), what, next_step, on_key=True)
        own = {STAGE, *map(mark_name, Mark)}
        for name in sorted(own & fields.keys()):
            what = "syncd makes this field by itself"
            next_step = "use stages: or marks:, or choose another name"
            self.file.fault(("fields", name), what, next_step, on_key=True)

    def field(self, name: str, part: FieldPart) -> FieldSpec:
        self._check_kind(name, part)
        self._check_direction(part)
        return FieldSpec(
            name=FieldName(name),
            type=part.type,
            properties=_properties(part),
            direction=part.direction,
            conflict=part.conflict,
            clears=part.clears,
            options=self._options(part),
            converted=part.contact or STANDARD.get(part.salesforce or ""),
            where=self.file.source.place(part.at()),
        )

    def mark(self, mark: Mark, part: MarkPart) -> FieldSpec:
        properties = _properties(part)
        if not properties:
            self.file.fault(part.at(), "it is in neither CRM", "name its field, or remove it")
        for system, name in properties.items():
            self._check_writable(part.at(system.value), name)
        return FieldSpec(
            name=mark_name(mark),
            type=_MARK_TYPES[mark],
            properties=properties,
            options={},
            converted=part.contact,
        )

    def _check_kind(self, name: str, part: FieldPart) -> None:
        if not _properties(part):
            what, next_step = "it is in neither CRM", "add salesforce: or hubspot:"
            self.file.fault(part.at(), what, next_step, on_key=True)
        if name == OWNER and part.type is not FieldType.OWNER:
            self.file.fault(part.at("type"), "the owner has a type of its own", "write type: owner")
        if part.options and part.type not in PICKLISTS:
            what = f"only a picklist has options, and this is of type {part.type}"
            next_step = "remove options, or write type: picklist"
            self.file.fault(part.at("options"), what, next_step, on_key=True)

    def _check_direction(self, part: FieldPart) -> None:
        """What may be written must be there, and must be a field of the record itself."""
        properties = _properties(part)
        if part.direction is not Direction.NONE and len(properties) < len(System):
            what = f"direction {part.direction} needs the field in both CRMs"
            self.file.fault(part.at("direction"), what, "name both, or write direction: none")
        for system, name in properties.items():
            if part.direction.reaches(system):
                self._check_writable(part.at(system.value), name)

    def _check_writable(self, path: Path, name: str) -> None:
        if "." in name:
            what = f'"{name}" belongs to another record and cannot be written'
            self.file.fault(path, what, "write direction: none, or name a field of the lead")

    def _options(self, part: FieldPart) -> Mapping[System, Mapping[str, str]]:
        options: dict[System, dict[str, str]] = {}
        for system in System:
            taken: dict[str, str] = {}
            for canonical, option in part.options.items():
                spelled: str | None = getattr(option, system.value)
                if spelled in taken.values():
                    what = f'two options are spelled "{spelled}" in {system.label}'
                    path = part.at("options", canonical, system.value)
                    self.file.fault(path, what, "give each its own spelling")
                if spelled is not None:
                    taken[canonical] = spelled
            if taken:
                options[system] = taken
        return options

    # --- one property, one use -------------------------------------------------------------

    def check_clashes(self) -> None:
        """A property that is written for one purpose may not serve another."""
        for system in System:
            uses = defaultdict(list)
            for use in self._uses(system):
                uses[use.property].append(use)
            for name, users in uses.items():
                self._check_clash(system, name, users)

    def _check_clash(self, system: System, name: str, users: list["_Use"]) -> None:
        if len(users) < 2 or not any(use.written for use in users):
            return
        first, *others = users
        for use in others:
            what = f'"{name}" in {system.label} already serves {first.what}'
            self.file.fault(use.path, what, "use another property, or direction: none for both")

    def _uses(self, system: System) -> Iterable["_Use"]:
        side = self.model.salesforce if system is System.SALESFORCE else self.model.hubspot
        lines = {name: not line.read_only for line in side.stages for name in line.values}
        for name, written in lines.items():
            yield _Use(name, "the stage", side.at("stages"), written)
        if side.external_id:
            yield _Use(side.external_id, "as external_id", side.at("external_id"), True)
        for field, part in self.model.fields.items():
            written = part.direction.reaches(system) or field == OWNER
            if system in (properties := _properties(part)):
                yield _Use(properties[system], f"{field}", part.at(system.value), written)
        for mark, mark_part in self.model.marks.items():
            if system in (properties := _properties(mark_part)):
                yield _Use(properties[system], mark, mark_part.at(system.value), True)


@dataclass(frozen=True, slots=True)
class _Use:
    property: str
    what: str
    path: Path
    written: bool


def _properties(part: FieldPart | MarkPart) -> dict[System, str]:
    named = {System.SALESFORCE: part.salesforce, System.HUBSPOT: part.hubspot}
    return {system: name for system, name in named.items() if name is not None}

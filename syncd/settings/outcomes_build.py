"""Make a `CsvMap` of a mapping file, held against the headers that the CSV really has."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from unicodedata import normalize
from zoneinfo import available_timezones

from syncd.domain.names import FieldName
from syncd.domain.values import FieldSpec
from syncd.errors import ConfigError
from syncd.measure.csv_map import CsvColumn, CsvField, CsvMap
from syncd.measure.outcomes import Outcome
from syncd.settings.fitting import Fitted, fit
from syncd.settings.outcomes_file import CsvFieldPart, OutcomePart, OutcomesFile
from syncd.settings.problem import Path as Place
from syncd.settings.problem import did_you_mean
from syncd.settings.yaml_source import read_source

_TAB = "tab"


def load_csv_map(
    path: Path,
    *,
    headers_with: Callable[[str | None], Sequence[str]],
    known: Mapping[FieldName, FieldSpec],
) -> CsvMap:
    """The map of a CSV that has these headers with the delimiter that the map names, or None.
    `known` are the fields of crm.yaml, if there is one. ConfigError with every problem, one
    line each."""
    if not path.exists():
        first = f"`syncd outcomes map CSV --out {path}` writes a first one"
        raise ConfigError((f"{path}: there is no such file; {first}",))
    file = fit(read_source(path, str(path)), OutcomesFile)
    built = None
    if file.model:
        headers = headers_with(_delimiter(file.model))
        built = _Builder(file, file.model, headers, known).build()
    if built is None or file.problems:
        found = sorted(file.problems, key=lambda x: (x.line, x.column))
        raise ConfigError(tuple(dict.fromkeys(map(str, found))))
    return built


def csv_specs(csv_map: CsvMap) -> Mapping[FieldName, FieldSpec]:
    """The fields that the map names: what a standard is held against where there is no crm.yaml."""
    return {x.spec.name: x.spec for x in csv_map.fields}


@dataclass(frozen=True, slots=True)
class _Builder:
    file: Fitted[OutcomesFile]
    model: OutcomesFile
    headers: Sequence[str]
    known: Mapping[FieldName, FieldSpec]

    def build(self) -> CsvMap:
        model, overridden = self.model, self.model.overridden
        self._check_zone()
        return CsvMap(
            delimiter=_delimiter(model),
            date_format=model.date_format,
            time_zone=model.time_zone,
            decimal_comma=model.decimals == "comma",
            blanks=frozenset(_lower(model.blanks)),
            lead=self._column("lead", model.lead),
            name=self._column("name", model.name),
            moved_at=self._at(("moved_at",), model.moved_at),
            outcome=self._at(model.outcome.at("column"), model.outcome.column),
            outcomes=self._outcomes(model.outcome),
            decided_at=self._column("decided_at", model.decided_at),
            amount=self._column("amount", model.amount),
            source=self._column("source", model.source),
            overridden=self._at(overridden.at("column"), overridden.column) if overridden else None,
            overridden_words=frozenset(_lower(overridden.yes)) if overridden else frozenset(),
            fields=tuple(
                x for name, part in model.fields.items() if (x := self._field(name, part))
            ),
        )

    def _check_zone(self) -> None:
        zone, zones = self.model.time_zone, available_timezones()
        if zone not in zones:
            what, near = f'unknown time zone "{zone}"', did_you_mean(zone, zones)
            self.file.fault(("time_zone",), what, near, bare=True)

    def _column(self, key: str, header: str | None) -> CsvColumn | None:
        return self._at((key,), header) if header is not None else None

    def _at(self, path: Place, written: str) -> CsvColumn:
        header = normalize("NFC", written)
        count = self.headers.count(header)
        if count == 0:
            next_step = did_you_mean(header, self.headers)
            self.file.fault(path, f'the CSV has no column "{header}"', next_step, bare=True)
        elif count > 1:
            what = f'the CSV has {count} columns called "{header}"'
            self.file.fault(path, what, "give each column of the CSV its own name", bare=True)
        return CsvColumn(header=header, where=self.file.source.place(path))

    def _outcomes(self, part: OutcomePart) -> Mapping[str, Outcome]:
        words: dict[str, Outcome] = {}
        for outcome in Outcome:
            for number, word in enumerate(_lower(getattr(part, outcome.value))):
                before = words.setdefault(word, outcome)
                if before is not outcome:
                    what = f'"{word}" is named under {before} already'
                    self.file.fault(part.at(outcome.value, number), what, "keep it in one place")
        return words

    def _field(self, name: str, part: CsvFieldPart) -> CsvField | None:
        spec = self._spec(FieldName(name), part)
        if spec is None:
            return None
        return CsvField(
            column=self._at(part.at("column"), part.column),
            spec=spec,
            as_of=part.as_of or self.model.as_of,
            date_format=part.date_format or self.model.date_format,
            separator=part.separator,
            words=_vendor_words(spec) | self._words(part),
        )

    def _spec(self, name: FieldName, part: CsvFieldPart) -> FieldSpec | None:
        known = self.known.get(name)
        if known is not None and part.type not in (None, known.type):
            what = f"it is of type {known.type} in crm.yaml, not {part.type}"
            self.file.fault(part.at("type"), what, "remove the type here")
        if known is not None:
            return known
        if part.type is None:
            what = "its type is not known: it is not in crm.yaml"
            next_step = "add type: string, integer, currency, boolean, date, datetime, picklist …"
            self.file.lacks(part.at(), what, next_step)
            return None
        where = self.file.source.place(part.at())
        return FieldSpec(name=name, type=part.type, properties={}, options={}, where=where)

    def _words(self, part: CsvFieldPart) -> dict[str, str]:
        words: dict[str, str] = {}
        for value, spellings in part.values.items():
            for number, word in enumerate(_lower(spellings)):
                before = words.setdefault(word, value)
                if before != value:
                    what = f'"{word}" stands for "{before}" already'
                    self.file.fault(part.at("values", value, number), what, "keep it in one place")
        return words


def _delimiter(model: OutcomesFile) -> str | None:
    return "\t" if model.delimiter == _TAB else model.delimiter


def _vendor_words(spec: FieldSpec) -> dict[str, str]:
    """A CSV that came out of a CRM has that CRM's spelling."""
    options = spec.options.values()
    return {word.lower(): value for side in options for value, word in side.items()}


def _lower(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(word.strip().lower() for word in words)

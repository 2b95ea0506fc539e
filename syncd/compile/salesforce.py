"""Guards as Salesforce metadata: a source tree that `sf project deploy start` takes.

Beside the validation rules: the custom permission of those who may pass, a permission set that
gives it, and package.xml. Text only; nothing is written or deployed here.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape

from syncd.compile.formula_guards import Guard
from syncd.compile.formula_head import PERMISSION
from syncd.core.alert_words import stage_words
from syncd.core.standard_digest import digest_of, short
from syncd.core.value_words import cut
from syncd.domain.standard import Standard

OBJECT = "Lead"
ROOT = "force-app/main/default"
PREFIX = "Syncd_"
"""What names of syncd's own begin with, in the org as in the tree."""
_NAMESPACE = "http://soap.sforce.com/2006/04/metadata"
_MOST_IN_DESCRIPTION = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What every artefact carries: which standard it was made of."""

    version: str
    digest: str

    @property
    def words(self) -> str:
        return f"standard {cut(self.version, 40)}, digest {self.digest}"


def stamp_of(standard: Standard) -> Stamp:
    return Stamp(version=standard.version, digest=short(digest_of(standard)))


def metadata_files(
    guards: Iterable[Guard], standard: Standard, *, api_version: str
) -> Mapping[str, str]:
    """Path to content. Without guards there is nothing to deploy, and no file."""
    guards, stamp = (*guards,), stamp_of(standard)
    if not guards:
        return {}
    rules = {
        f"{ROOT}/objects/{OBJECT}/validationRules/{x.name}.validationRule-meta.xml": rule_xml(
            x, stamp
        )
        for x in guards
    }
    return {
        **rules,
        f"{ROOT}/customPermissions/{PERMISSION}.customPermission-meta.xml": _permission(stamp),
        f"{ROOT}/permissionsets/{PERMISSION}.permissionset-meta.xml": _permission_set(stamp),
        "manifest/package.xml": _package(guards, stamp, api_version),
        "sfdx-project.json": _project(stamp, api_version),
    }


def description_of(guard: Guard, stamp: Stamp) -> str:
    """By which what is deployed is told from what should be."""
    says = (
        f"Made by syncd compile from {stamp.words}; guard {guard.digest}. Gate "
        f"{stage_words(guard.gate)}: {', '.join(guard.rules)}. Do not edit: compile anew."
    )
    return cut(says, _MOST_IN_DESCRIPTION)


def rule_fields(guard: Guard, stamp: Stamp) -> Mapping[str, str]:
    """The elements of a ValidationRule, in the order of its schema."""
    fields = {
        "fullName": guard.name,
        "active": "true",
        "description": description_of(guard, stamp),
        "errorConditionFormula": guard.formula,
    }
    if guard.field:
        fields["errorDisplayField"] = guard.field
    return fields | {"errorMessage": guard.message}


def rule_xml(guard: Guard, stamp: Stamp) -> str:
    return _document("ValidationRule", _elements(rule_fields(guard, stamp)))


def _permission(stamp: Stamp) -> str:
    fields = {
        "description": f"No guard made by syncd refuses what these people save ({stamp.words}).",
        "isLicensed": "false",
        "label": "syncd bypass",
    }
    return _document("CustomPermission", _elements(fields))


def _permission_set(stamp: Stamp) -> str:
    grants = _elements({"enabled": "true", "name": PERMISSION}, indent=8)
    says = f"For the user syncd writes as, and for nobody else without a reason ({stamp.words})."
    fields = _elements({"description": says, "hasActivationRequired": "false"})
    label = _elements({"label": "syncd bypass"})
    body = f"    <customPermissions>\n{grants}    </customPermissions>\n{fields}{label}"
    return _document("PermissionSet", body)


def _package(guards: Iterable[Guard], stamp: Stamp, api_version: str) -> str:
    members = {
        "CustomPermission": [PERMISSION],
        "PermissionSet": [PERMISSION],
        "ValidationRule": sorted(f"{OBJECT}.{x.name}" for x in guards),
    }
    types = "".join(
        "    <types>\n"
        + "".join(_elements({"members": name}, indent=8) for name in names)
        + _elements({"name": kind}, indent=8)
        + "    </types>\n"
        for kind, names in members.items()
    )
    note = f"    <!-- {stamp.words.replace('--', '- -')} -->\n"
    return _document("Package", note + types + _elements({"version": api_version}))


def _project(stamp: Stamp, api_version: str) -> str:
    return (
        "{\n"
        f'  "name": {json.dumps(f"syncd: {stamp.words}", ensure_ascii=False)},\n'
        '  "packageDirectories": [{"path": "force-app", "default": true}],\n'
        f'  "sourceApiVersion": "{api_version}"\n'
        "}\n"
    )


def _document(kind: str, body: str) -> str:
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    return f'{head}\n<{kind} xmlns="{_NAMESPACE}">\n{body}</{kind}>\n'


def _elements(fields: Mapping[str, str], *, indent: int = 4) -> str:
    space = " " * indent
    return "".join(f"{space}<{name}>{escape(text)}</{name}>\n" for name, text in fields.items())

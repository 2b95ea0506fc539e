"""Handlers for what the account is made of: properties, groups, pipelines, owners."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from syncd.sandbox.hubspot.batches import complete
from syncd.sandbox.hubspot.call import Call, Handler
from syncd.sandbox.hubspot.errors import Refused, error
from syncd.sandbox.hubspot.owners import Owner
from syncd.sandbox.hubspot.pipelines import Pipeline, Stage
from syncd.sandbox.hubspot.properties import Option, Property
from syncd.sandbox.hubspot.reading import is_number, number, objects, required, scalar
from syncd.sandbox.hubspot.refusals import BadRequest, NotFound
from syncd.sandbox.hubspot.stamps import iso
from syncd.sandbox.server import Response

Json = dict[str, Any]

_EPOCH = iso(0)
_LONGEST_NAME = 100
_NAME = re.compile(r"[a-z][a-z0-9_]{0,99}")


def get_properties(call: Call) -> Response:
    known = call.portal.tables[call.kind()].properties.values()
    return Response(body={"results": [_property(definition) for definition in known]})


def get_property(call: Call) -> Response:
    return Response(body=_property(_known(call)))


def create_property(call: Call) -> Response:
    problem, definition = _define(call, call.body())
    if problem is not None:
        del problem["status"]
        raise Refused(error(409, problem.pop("message"), **problem))
    return Response(status=201, body=_property(definition))


def create_properties(call: Call) -> Response:
    results: list[Json] = []
    errors: list[Json] = []
    inputs = objects(call.body(), "inputs", required=True)
    for given in inputs:
        _check(call, given)
    for given in inputs:
        problem, definition = _define(call, given)
        if problem is None:
            results.append(_property(definition, brief=True))
        else:
            errors.append(problem)
    return complete(call, results, errors, status=201)


def update_property(call: Call) -> Response:
    before, body = _known(call), call.body()
    after = replace(
        before,
        label=scalar(body, "label") or before.label,
        type=scalar(body, "type") or before.type,
        field_type=scalar(body, "fieldType") or before.field_type,
        description=scalar(body, "description") or before.description,
        options=_options(body) if "options" in body else before.options,
        updated_ms=call.portal.now_ms(),
    )
    call.portal.define(after, call.kind())
    return Response(body=_property(after))


def archive_property(call: Call) -> Response:
    call.portal.undefine(_known(call).name, call.kind())
    return Response(status=204)


def create_group(call: Call) -> Response:
    body = call.body()
    name = required(body, "name")
    if (call.kind(), name) in call.portal.groups:
        raise Refused(
            error(409, f"A property group named '{name}' already exists.", "OBJECT_ALREADY_EXISTS")
        )
    call.portal.groups[call.kind(), name] = scalar(body, "label") or name
    return Response(status=201, body=_group(call, name))


def get_group(call: Call) -> Response:
    return Response(body=_group(call, call.params[1]))


def get_pipelines(call: Call) -> Response:
    pipelines = call.portal.pipelines.get(call.kind(), [])
    return Response(body={"results": [_pipeline(p, order) for order, p in enumerate(pipelines)]})


def get_stages(call: Call) -> Response:
    pipelines = call.portal.pipelines.get(call.kind(), [])
    pipeline = next((p for p in pipelines if p.id == call.params[1]), None)
    if pipeline is None:
        raise NotFound
    return Response(body={"results": _pipeline(pipeline, 0)["stages"]})


def get_owners(call: Call) -> Response:
    """Live or archived ones, never both; 100 a page."""
    archived, email = call.flag("archived"), call.request.param("email").lower()
    matching = [
        owner
        for owner in call.portal.owners
        if owner.archived is archived and email in ("", owner.email)
    ]
    after, limit = call.number("after", 0), call.number("limit", 100)
    answer: Json = {"results": [_owner(owner) for owner in matching[after : after + limit]]}
    if after + limit < len(matching):
        answer["paging"] = {"next": {"after": str(after + limit), "link": ""}}
    return Response(body=answer)


def get_owner(call: Call) -> Response:
    number = int(call.params[0]) if is_number(call.params[0]) else -1
    by_user = call.request.param("idProperty") == "userId"
    owners = call.portal.owners
    owner = owners.by_user(number) if by_user else owners.get(number)
    if owner is None or owner.archived is not call.flag("archived"):
        raise NotFound
    return Response(body=_owner(owner))


def _known(call: Call) -> Property:
    definition = call.portal.tables[call.kind()].properties.get(call.params[1])
    if definition is None:
        raise NotFound
    return definition


def _define(call: Call, given: Json) -> tuple[Json | None, Property]:
    """Add a property, or say why not; an existing one is left as it is."""
    kind, name = call.kind(), required(given, "name")
    existing = call.portal.tables[kind].properties.get(name)
    if existing is not None:
        return _exists(name), existing
    _check(call, given)
    definition = _definition(given, at=call.portal.now_ms())
    call.portal.define(definition, kind)
    return None, definition


def _check(call: Call, given: Json) -> None:
    """Raises BadRequest for what is no property anywhere: a whole batch is refused for it."""
    name = required(given, "name")
    if not _NAME.fullmatch(name):
        raise BadRequest(
            f"Property name {name} must begin with a letter, be at most {_LONGEST_NAME} characters "
            "long and have lower case letters, digits and underscores only"
        )
    group = scalar(given, "groupName") or "contactinformation"
    if (call.kind(), group) not in call.portal.groups:
        raise BadRequest(f"Property group {group} does not exist")


def _definition(given: Json, *, at: int) -> Property:
    return Property(
        name=required(given, "name"),
        label=scalar(given, "label") or required(given, "name"),
        type=scalar(given, "type") or "string",
        field_type=scalar(given, "fieldType") or "text",
        group=scalar(given, "groupName") or "contactinformation",
        description=scalar(given, "description"),
        options=_options(given),
        unique=scalar(given, "hasUniqueValue") == "true",
        form_field=scalar(given, "formField") != "false",
        created_ms=at,
        updated_ms=at,
    )


def _options(given: Json) -> tuple[Option, ...]:
    """An option without an order, or with -1 for one, goes after all the others."""
    options = objects(given, "options")
    return tuple(
        Option(
            value=required(option, "value"),
            label=required(option, "label"),
            description=scalar(option, "description"),
            display_order=_order(option, len(options)),
            hidden=scalar(option, "hidden") == "true",
        )
        for option in options
    )


def _order(option: Json, last: int) -> int:
    return last if scalar(option, "displayOrder") == "-1" else number(option, "displayOrder", last)


def _exists(name: str) -> Json:
    return {
        "status": "error",
        "category": "OBJECT_ALREADY_EXISTS",
        "subCategory": "Properties.PROPERTY_WITH_NAME_EXISTS",
        "message": f"A property named '{name}' already exists.",
        "context": {"name": [name]},
    }


def _property(definition: Property, *, brief: bool = False) -> Json:
    """A definition; batch create answers without its dates."""
    answer: Json = {
        "name": definition.name,
        "label": definition.label,
        "type": definition.type,
        "fieldType": definition.field_type,
        "description": definition.description,
        "groupName": definition.group,
        "options": [_option(option) for option in definition.options],
        "displayOrder": definition.display_order,
        "calculated": definition.calculated,
        "externalOptions": definition.external_options,
        "hasUniqueValue": definition.unique,
        "hidden": definition.hidden,
        "modificationMetadata": {
            "archivable": True,
            "readOnlyDefinition": definition.hubspot_defined,
            "readOnlyValue": definition.read_only,
        },
        "formField": definition.form_field,
        "dataSensitivity": "non_sensitive",
    }
    if definition.hubspot_defined:
        answer["hubspotDefined"] = True
    if brief:
        return answer
    dates = {"updatedAt": iso(definition.updated_ms), "createdAt": iso(definition.created_ms)}
    custom = {"createdUserId": "28600000", "updatedUserId": "28600000", "archived": False}
    return {**dates, **answer, **({} if definition.hubspot_defined else custom)}


def _option(option: Option) -> Json:
    return {
        "label": option.label,
        "value": option.value,
        "description": option.description,
        "displayOrder": option.display_order,
        "hidden": option.hidden,
    }


def _group(call: Call, name: str) -> Json:
    label = call.portal.groups.get((call.kind(), name))
    if label is None:
        raise NotFound
    return {"name": name, "label": label, "displayOrder": 9, "archived": False}


def _pipeline(pipeline: Pipeline, order: int) -> Json:
    return {
        "label": pipeline.label,
        "displayOrder": order,
        "id": pipeline.id,
        "stages": [_stage(stage, place) for place, stage in enumerate(pipeline.stages)],
        "createdAt": _EPOCH,
        "updatedAt": _EPOCH,
        "archived": False,
    }


def _stage(stage: Stage, order: int) -> Json:
    return {
        "label": stage.label,
        "displayOrder": order,
        "metadata": stage.metadata,
        "id": stage.id,
        "createdAt": _EPOCH,
        "updatedAt": _EPOCH,
        "writePermissions": "CRM_PERMISSIONS_ENFORCEMENT",
        "archived": False,
    }


def _owner(owner: Owner) -> Json:
    return {
        "id": str(owner.id),
        "email": owner.email,
        "type": "PERSON",
        "firstName": owner.first_name,
        "lastName": owner.last_name,
        "userId": None if owner.archived else owner.user_id,
        "userIdIncludingInactive": owner.user_id,
        "createdAt": iso(owner.created_at),
        "updatedAt": iso(owner.updated_at),
        "archived": owner.archived,
        "teams": [],
    }


HANDLERS: Mapping[tuple[str, str], Handler] = {
    ("GET", "properties/*"): get_properties,
    ("POST", "properties/*"): create_property,
    ("POST", "properties/*/batch/create"): create_properties,
    ("POST", "properties/*/groups"): create_group,
    ("GET", "properties/*/groups/*"): get_group,
    ("GET", "properties/*/*"): get_property,
    ("PATCH", "properties/*/*"): update_property,
    ("DELETE", "properties/*/*"): archive_property,
    ("GET", "pipelines/*"): get_pipelines,
    ("GET", "pipelines/*/*/stages"): get_stages,
    ("GET", "owners"): get_owners,
    ("GET", "owners/*"): get_owner,
}

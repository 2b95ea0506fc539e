"""Handlers for writing objects in batches: what refuses the whole, and what costs one place.

Invalid values anywhere, and ids named twice, refuse the whole batch before
anything is written. A refused batch has written nothing.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress

from syncd.sandbox.hubspot import render
from syncd.sandbox.hubspot.batches import INPUTS, Json, complete, inputs_of, look_up, not_found
from syncd.sandbox.hubspot.call import Call, Handler
from syncd.sandbox.hubspot.errors import Refused, answer_to, duplicate_ids, not_valid
from syncd.sandbox.hubspot.kinds import CONTACT, Kind
from syncd.sandbox.hubspot.lifecycle import Backward
from syncd.sandbox.hubspot.objects import links_of
from syncd.sandbox.hubspot.reading import properties, required, scalar
from syncd.sandbox.hubspot.refusals import BadRequest, Duplicate, NotFound, NotValid, Required
from syncd.sandbox.server import Response

ONE_BY_ONE = (Duplicate, NotFound, NotValid, Required, BadRequest)
"""NotValid is here for values that are taken; all others refuse the whole batch before."""


def update(call: Call) -> Response:
    return _each(call, _update_one, (Duplicate, NotValid))


def create(call: Call) -> Response:
    """What is refused costs one place only if every input has its own `objectWriteTraceId`."""
    kind, inputs = call.kind(), inputs_of(call.body(), INPUTS)
    _refuse_invalid(call, kind, inputs)
    wanted = [(given, properties(given), links_of(given)) for given in inputs]
    if not _traced(inputs):
        _refuse_doubled_emails(kind, inputs)
        for _, values, links in wanted:
            call.portal.check_creation(kind, values, links)
    results, errors = [], []
    for given, values, links in wanted:
        try:
            record = call.portal.create(kind, values, call.by, links)
        except ONE_BY_ONE as refusal:
            errors.append(_own_error(refusal, given))
        else:
            results.append(render.created(call.portal, record))
    return complete(call, results, errors, status=201)


def upsert(call: Call) -> Response:
    """By e-mail, another unique property or id; each result says whether the record is new."""
    return _each(call, _upsert_one, ONE_BY_ONE)


def _each(
    call: Call, write: Callable[[Call, Kind, Json], Json], own: tuple[type[Exception], ...]
) -> Response:
    """Write each input; what is not found, or refused in one of its `own` ways, costs its place."""
    kind, inputs = call.kind(), _named_once(call)
    _refuse_invalid(call, kind, inputs)
    _refuse_backward(call, kind, inputs)
    results, missing, errors = [], [], []
    for given in inputs:
        try:
            results.append(write(call, kind, given))
        except NotFound:
            missing.append(required(given, "id"))
        except own as refusal:
            errors.append(_own_error(refusal, given))
    return complete(call, results, [*errors, *not_found(kind, missing)])


def _update_one(call: Call, kind: Kind, given: Json) -> Json:
    record = look_up(call, kind, required(given, "id"), scalar(given, "idProperty"))
    if record is None:
        raise NotFound
    changes = properties(given)
    call.portal.update(kind, record.id, changes, call.by)
    return render.updated(call.portal, record, changes)


def _upsert_one(call: Call, kind: Kind, given: Json) -> Json:
    text, key = required(given, "id"), scalar(given, "idProperty")
    record, values = look_up(call, kind, text, key), properties(given)
    if record is not None:
        call.portal.update(kind, record.id, values, call.by)
        return {**render.updated(call.portal, record, values), "new": False}
    if not key:
        raise NotFound  # only a property can name a record that is yet to be
    record = call.portal.create(kind, {key: text, **values}, call.by)
    return {**render.created(call.portal, record), "new": True}


def _named_once(call: Call) -> list[Json]:
    inputs = inputs_of(call.body(), INPUTS)
    seen = Counter(required(given, "id") for given in inputs)
    doubled = [text for text, times in seen.items() if times > 1]
    if doubled:
        raise Refused(duplicate_ids(doubled))
    return inputs


def _refuse_invalid(call: Call, kind: Kind, inputs: Iterable[Json]) -> None:
    problems = [
        problem for given in inputs for problem in call.portal.fit(kind, properties(given))[1]
    ]
    if problems:
        raise Refused(not_valid(problems))


def _refuse_backward(call: Call, kind: Kind, inputs: Iterable[Json]) -> None:
    """Where backward moves are errors they are invalid values like others."""
    if call.portal.settings.backward is not Backward.ERROR:
        return
    for given in inputs:
        record = look_up(call, kind, required(given, "id"), scalar(given, "idProperty"))
        if record is not None:
            with suppress(Duplicate):
                call.portal.check_update(record, properties(given), call.by)


def _traced(inputs: list[Json]) -> bool:
    traces = [scalar(given, "objectWriteTraceId") for given in inputs]
    return all(traces) and len(set(traces)) == len(traces)


def _refuse_doubled_emails(kind: Kind, inputs: Iterable[Json]) -> None:
    if kind is not CONTACT:
        return
    emails = Counter(properties(given).get("email", "").lower() for given in inputs)
    if any(email and times > 1 for email, times in emails.items()):
        raise Duplicate(None)


def _own_error(refusal: Exception, given: Json) -> Json:
    """What was refused as one entry of a 207, named by its trace id if it has one."""
    told = answer_to(refusal).body
    context = {}
    if trace := scalar(given, "objectWriteTraceId"):
        context["objectWriteTraceId"] = [trace]
    if isinstance(refusal, Duplicate):
        context["existingId"] = [str(refusal.existing_id)]
    return {
        "status": "error",
        "category": told.get("category", "VALIDATION_ERROR"),
        "message": told["message"],
        "context": context,
    }


HANDLERS: Mapping[tuple[str, str], Handler] = {
    ("POST", "objects/*/batch/update"): update,
    ("POST", "objects/*/batch/create"): create,
    ("POST", "objects/*/batch/upsert"): upsert,
}

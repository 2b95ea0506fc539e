"""Small values as admins write them: names, numbers, choices, web addresses to listen on.

Every parser raises Mistake with the next step. Knows no file and no other value.
"""

import re
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Annotated

from pydantic import PlainValidator, Strict, WithJsonSchema

from syncd.settings.problem import Mistake, looks_secret, shown

_MOST_SPENT = 10**15
_KEBAB = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_SNAKE = re.compile(r"[a-z][a-z0-9_]*")
_SALESFORCE = re.compile(r"[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*){0,4}")
_DOMAIN = re.compile(r"[a-z0-9]+(-+[a-z0-9]+)*(\.[a-z0-9]+(-+[a-z0-9]+)*)*")
_HUBSPOT = re.compile(r"[A-Za-z0-9_]+")


def _text(value: object) -> str:
    if looks_secret(value):
        raise Mistake(
            "this looks like a secret, and secrets never stand in configuration files",
            "remove it here, replace it at its vendor and pass the new one by environment",
        )
    if isinstance(value, str) and value.strip():
        return value.strip()
    if value is None or isinstance(value, str):
        raise Mistake("there is no text here", "write some, or remove the key if it is optional")
    if isinstance(value, list | dict):
        raise Mistake(f"{shown(value)} stands where a text belongs", "write one text")
    raise Mistake(f"{shown(value)} is not a text", f'write it in quotes: "{shown(value)}"')


def _number(value: object) -> Decimal:
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        number = Decimal(value)
        if number.is_finite():
            return number
    plain = value.replace(",", "") if isinstance(value, str) else ""
    if re.fullmatch(r"-?\d+(\.\d+)?", plain):
        raise Mistake(f"{shown(value)} is a text, not a number", f"write {plain} without quotes")
    raise Mistake(f"{shown(value)} is not a number", "write digits only, such as 50 or 2.5")


def _share(value: object) -> float:
    """A share written as `75%` or 0.75."""
    found = re.fullmatch(r"(\d{1,3}(?:\.\d+)?)\s*%", value) if isinstance(value, str) else None
    share = Decimal(found[1]) / 100 if found else _number(value)
    if not 0 < share <= 1:
        raise Mistake(f"{shown(value)} is not a share of a whole", "write one such as 75% or 0.75")
    return float(share)


def _percent(value: object) -> float:
    number = _number(value)
    if not 0 <= number <= 100:
        raise Mistake(f"{number} is not a percentage", "write a number from 0 to 100")
    return float(number)


def _day(value: object) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        raise Mistake(f"{shown(value)} is not a date", "write it as 2027-06-30") from None


def parse_month(value: object) -> date:
    """The first day of a month written as `2026-10`. Raises Mistake."""
    if isinstance(value, str) and re.fullmatch(r"[1-9][0-9]{3}-(0[1-9]|1[0-2])", value.strip()):
        return date.fromisoformat(f"{value.strip()}-01")
    raise Mistake(f"{shown(value)} is not a month", "write it as 2026-10")


def parse_spent(value: object) -> float:
    """What was spent: 0 or more. Raises Mistake."""
    number = _number(value)
    if number < 0:
        raise Mistake(f"{number} is less than nothing", "write what was spent as 0 or more")
    if number > _MOST_SPENT:
        raise Mistake(f"{number} is more than anybody spends", "write the amount of one month")
    return float(number)


def _instant(value: object) -> datetime:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        moment = None
    if isinstance(moment, datetime) and moment.tzinfo is not None:
        return moment.astimezone(UTC)
    raise Mistake(
        f"{shown(value)} is not an instant with its time zone", "write it as 2026-12-01T09:00:00Z"
    )


def _day_or_instant(value: object) -> datetime:
    """A day stands for its beginning."""
    try:
        return datetime.combine(_day(value), time(), UTC)
    except Mistake:
        return _instant(value)


def _yes(value: object) -> bool:
    if value is True:
        return True
    raise Mistake(
        f"{shown(value)} cannot stand here", "write true (for the contrary use the other test)"
    )


def _kebab(value: object) -> str:
    text = _text(value)
    if _KEBAB.fullmatch(text):
        return text
    fixed = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
    advice = f'write it as "{fixed}"' if _KEBAB.fullmatch(fixed) else "begin with a letter"
    raise Mistake(f'"{text}" is not in kebab-case', advice)


def _field_name(value: object) -> str:
    text = _text(value)
    if _SNAKE.fullmatch(text):
        return text
    raise Mistake(
        f'"{text}" is not a field name', "use small letters, digits and _, as in last_engaged_at"
    )


def _salesforce_name(value: object) -> str:
    text = _text(value)
    if _SALESFORCE.fullmatch(text):
        return text
    raise Mistake(
        f'"{text}" is not a Salesforce field name',
        "use the API name (Setup > Object Manager > Lead > Fields), such as Budget_Confirmed__c",
    )


def _hubspot_name(value: object) -> str:
    text = _text(value)
    if _HUBSPOT.fullmatch(text):
        return text
    raise Mistake(
        f'"{text}" is not a HubSpot property name',
        "use the internal name (Settings > Properties), such as budget_confirmed",
    )


def _salesforce_domain(value: object) -> str:
    text = _text(value).lower().removeprefix("https://").rstrip("/")
    text = text.removesuffix(".salesforce.com")
    if _DOMAIN.fullmatch(text):
        return text
    raise Mistake(
        f"{shown(value)} is not a Salesforce domain",
        "write it as example.my or example--uat.sandbox.my",
    )


def _vendor_value(value: object) -> str:
    """A vendor's value compared as text: booleans as true/false, nothing as ""."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return value
    raise Mistake(f"{shown(value)} is not one value", 'write a text in quotes; "" means empty')


def parse_address(value: object) -> str:
    found = re.fullmatch(r"(\[[0-9a-fA-F:]+\]|[\w.-]+):(\d{1,5})", str(value))
    if found is None or int(found[2]) > 65_535:
        raise Mistake(f"{shown(value)} is not an address to listen on", "write 127.0.0.1:8321")
    return str(value)


def _api_version(value: object) -> str:
    text = _text(value)
    if re.fullmatch(r"\d{2,3}\.0", text):
        return text
    raise Mistake(f'"{text}" is not an API version', 'write it in quotes as "62.0"')


def _digits(value: object) -> str:
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else _text(value)
    if text.isdigit():
        return text
    raise Mistake(f'"{text}" is not an id', "write the digits only")


def _campaign(value: object) -> str:
    text = _text(value)
    if re.fullmatch(r"701[A-Za-z0-9]{12}([A-Za-z0-9]{3})?", text):
        return text
    raise Mistake(
        f'"{text}" is not the id of a campaign',
        "copy it from the address of the campaign's page: 15 or 18 characters, 701 in front",
    )


def _above_zero(value: object) -> Decimal:
    number = _number(value)
    if number <= 0:
        raise Mistake(f"{number} asks for nothing", "write a number above 0, or remove the key")
    return number


def _json(title: str, kind: str, **more: object) -> WithJsonSchema:
    return WithJsonSchema({"title": title, "type": kind, **more})


def _json_any(title: str, *schemas: dict[str, object]) -> WithJsonSchema:
    return WithJsonSchema({"title": title, "anyOf": list(schemas)})


_SHARE = {"type": "string", "pattern": r"^\d{1,3}(\.\d+)?\s*%$"}
_DIGITS = {"type": "string", "pattern": "^[0-9]+$"}
_SINGLE = ["string", "number", "boolean"]

Text = Annotated[str, PlainValidator(_text), _json("text", "string", minLength=1)]
Flag = Annotated[bool, Strict()]
Whole = Annotated[int, Strict()]
Number = Annotated[Decimal, PlainValidator(_number), _json("number", "number")]
AboveZero = Annotated[
    Decimal, PlainValidator(_above_zero), _json("number", "number", exclusiveMinimum=0)
]
Share = Annotated[float, PlainValidator(_share), _json_any("share", {"type": "number"}, _SHARE)]
Percent = Annotated[
    float, PlainValidator(_percent), _json("percent", "number", minimum=0, maximum=100)
]
Day = Annotated[date, PlainValidator(_day), _json("date", "string", format="date")]
Month = Annotated[
    date, PlainValidator(parse_month), _json("month", "string", pattern=r"^\d{4}-(0[1-9]|1[0-2])$")
]
Spent = Annotated[float, PlainValidator(parse_spent), _json("amount", "number", minimum=0)]
Instant = Annotated[
    datetime, PlainValidator(_instant), _json("date and time", "string", format="date-time")
]
DayOrInstant = Annotated[
    datetime, PlainValidator(_day_or_instant), _json("date, or date and time", "string")
]
Yes = Annotated[
    bool,
    PlainValidator(_yes),
    _json("`true`", "boolean", const=True),
]
_KEBAB_SCHEMA = "^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
RuleName = Annotated[str, PlainValidator(_kebab), _json("rule id", "string", pattern=_KEBAB_SCHEMA)]
KebabName = Annotated[str, PlainValidator(_kebab), _json("name", "string", pattern=_KEBAB_SCHEMA)]
CanonicalName = Annotated[
    str, PlainValidator(_field_name), _json("name", "string", pattern="^[a-z][a-z0-9_]*$")
]
SalesforceName = Annotated[
    str,
    PlainValidator(_salesforce_name),
    _json("Salesforce field", "string", pattern="^[A-Za-z][A-Za-z0-9_.]*$"),
]
SalesforceDomain = Annotated[
    str, PlainValidator(_salesforce_domain), _json("domain", "string", pattern="^[A-Za-z0-9.:/-]+$")
]
HubspotName = Annotated[
    str,
    PlainValidator(_hubspot_name),
    _json("HubSpot property", "string", pattern="^[A-Za-z0-9_]+$"),
]
VendorValue = Annotated[
    str,
    PlainValidator(_vendor_value),
    WithJsonSchema({"title": "value", "type": ["string", "boolean", "integer", "null"]}),
]
Address = Annotated[
    str, PlainValidator(parse_address), _json("host and port", "string", pattern=r"^.+:\d{1,5}$")
]
ApiVersion = Annotated[
    str, PlainValidator(_api_version), _json("API version", "string", pattern=r"^\d{2,3}\.0$")
]
Digits = Annotated[str, PlainValidator(_digits), _json_any("id", {"type": "integer"}, _DIGITS)]

CampaignId = Annotated[
    str, PlainValidator(_campaign), _json("campaign id", "string", pattern="^701[A-Za-z0-9]+$")
]


def _scalar(value: object) -> object:
    if value is None or isinstance(value, list | dict):
        raise Mistake(f"{shown(value)} stands where one value belongs", "write one value")
    return value


Scalar = Annotated[
    object, PlainValidator(_scalar), WithJsonSchema({"title": "value", "type": _SINGLE})
]
"""A text, number, boolean or date whose fit is checked against the field it is held to."""

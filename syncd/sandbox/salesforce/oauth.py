"""Logging in: the token endpoint for server-to-server flows, and who the token is.

Any client is let in unless the org lists its clients. A JWT's signature is not
checked, because the sandbox holds no keys.
"""

import base64
import binascii
from typing import Any
from urllib.parse import parse_qsl

from syncd.sandbox.salesforce.org import Org
from syncd.sandbox.server import Request, Response

_JWT = "urn:ietf:params:oauth:grant-type:jwt-bearer"


def token(org: Org, request: Request) -> Response:
    """POST /services/oauth2/token with a form body."""
    form = dict(parse_qsl(request.body.decode(errors="replace")))
    match form.get("grant_type"):
        case "client_credentials" | "password":
            return _by_client(org, request, form)
        case grant if grant == _JWT:
            if form.get("assertion", "").count(".") != 2:
                return _denied("invalid_grant", "invalid assertion")
            return _granted(org, request)
        case _:
            return _denied("unsupported_grant_type", "grant type not supported")


def userinfo(org: Org) -> Response:
    me = org.record(org.integration.id)
    body = {
        "sub": f"https://login.salesforce.com/id/{org.id}/{me['Id']}",
        "user_id": me["Id"],
        "organization_id": org.id,
        "preferred_username": me["Username"],
        "nickname": me["Username"],
        "name": me["Name"],
        "email": me["Email"],
        "email_verified": True,
        "zoneinfo": org.settings.time_zone,
        "address": {"country": "US"},
        "is_salesforce_integration_user": True,
        "urls": {},
        "active": True,
        "user_type": "STANDARD",
        "language": "en_US",
        "locale": "en_US",
        "utcOffset": -18_000_000,
        "updated_at": me["SystemModstamp"][:19] + "Z",
    }
    return Response(body=body)


def _by_client(org: Org, request: Request, form: dict[str, str]) -> Response:
    key, secret = _credentials(request, form)
    known = org.sessions.clients
    if not key or (known and key not in known):
        return _denied("invalid_client_id", "client identifier invalid")
    if not secret or (known and known[key] != secret):
        return _denied("invalid_client", "invalid client credentials")
    return _granted(org, request)


def _credentials(request: Request, form: dict[str, str]) -> tuple[str, str]:
    header = request.headers.get("authorization", "")
    if header.startswith("Basic "):
        try:
            text = base64.b64decode(header[6:], validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            return "", ""
        key, _, secret = text.partition(":")
        return key, secret
    return form.get("client_id", ""), form.get("client_secret", "")


def _granted(org: Org, request: Request) -> Response:
    host = request.headers.get("host", "127.0.0.1")
    body: dict[str, Any] = {
        "access_token": org.sessions.issue(),
        "signature": "c2FuZGJveA==",
        "scope": "api",
        "instance_url": f"http://{host}",
        "id": f"https://login.salesforce.com/id/{org.id}/{org.integration.id}",
        "token_type": "Bearer",
        "issued_at": str(int(org.clock.now().timestamp() * 1000)),
    }
    return Response(body=body)


def _denied(error: str, description: str) -> Response:
    return Response(status=400, body={"error": error, "error_description": description})

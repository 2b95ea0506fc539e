"""Log in to an org, and tell a refused login from a bad day of the login server.

simple-salesforce signs and sends the login; the token answer is judged here, by a hook
on its session, because the client takes every unusable answer for wrong credentials.
"""

from typing import Any, assert_never
from urllib.parse import urlsplit

import requests
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from syncd.adapters.salesforce.client import OneRefresh
from syncd.adapters.salesforce.connection import ClientCredentials, Jwt, SalesforceConnection
from syncd.adapters.transport.answer import cut, parse_json
from syncd.adapters.transport.session import Timeouts, answer_of, open_session
from syncd.errors import AuthError, ConfigError, TransientError

WHAT = "Salesforce login"
_TOKEN_PATH = "/services/oauth2/token"  # noqa: S105 - a path, not a secret
_SHARED_HOSTS = frozenset({"login", "test"})
_STAND_IN = "stand-in.my"


def log_in(connection: SalesforceConnection, timeouts: Timeouts) -> OneRefresh:
    """A logged-in client. AuthError when Salesforce refuses us; TransientError when it
    cannot answer; `check_login` has found what would never work."""
    session = open_session(base_url=connection.base_url, timeouts=timeouts)
    session.hooks["response"].append(_judge_token)
    return OneRefresh(
        session=session,
        version=connection.api_version,
        object_pairs_hook=None,
        **_credentials(connection),
    )


def check_login(connection: SalesforceConnection) -> None:
    """ConfigError for what no login could succeed with; sends nothing."""
    auth = connection.auth
    if isinstance(auth, Jwt) and not _is_rsa_key(auth.private_key):
        raise ConfigError(("Salesforce private key: not an unencrypted RSA key in PEM form",))
    needs_my_domain = isinstance(auth, ClientCredentials) and connection.base_url is None
    if needs_my_domain and connection.domain in _SHARED_HOSTS:
        raise ConfigError(
            (
                f"Salesforce domain {connection.domain!r}: client credentials need the org's"
                " own My Domain, such as acme.my or acme--uat.sandbox.my",
            )
        )


def _credentials(connection: SalesforceConnection) -> dict[str, Any]:
    auth = connection.auth
    match auth:
        case ClientCredentials():
            shared = connection.domain in _SHARED_HOSTS  # the client sends nothing to those
            return {
                "domain": _STAND_IN if shared else connection.domain,
                "consumer_key": auth.client_id,
                "consumer_secret": auth.client_secret,
            }
        case Jwt():
            return {
                "domain": connection.domain,
                "consumer_key": auth.client_id,
                "username": auth.username,
                "privatekey": auth.private_key,
            }
        case _:
            assert_never(auth)


def _judge_token(response: requests.Response, *_: Any, **__: Any) -> None:
    """Raise for any token answer the client could not use."""
    if urlsplit(response.url).path != _TOKEN_PATH:
        return
    answer = answer_of(response)
    if answer.status == 429 or answer.status >= 500:
        raise TransientError(f"{WHAT}: status {answer.status}")
    body = parse_json(answer, what=WHAT)
    if answer.status != 200:
        raise AuthError(f"{WHAT} refused: {_why(body)}; check the connected app and its user")
    if not (isinstance(body, dict) and body.get("access_token") and body.get("instance_url")):
        raise TransientError(f"{WHAT}: the answer holds no token")


def _why(body: Any) -> str:
    if not isinstance(body, dict):
        return "no reason given"
    return cut(f"{body.get('error')}: {body.get('error_description', 'no description')}")


def _is_rsa_key(pem: str) -> bool:
    try:
        return isinstance(load_pem_private_key(pem.encode(), password=None), RSAPrivateKey)
    except (TypeError, ValueError):
        return False

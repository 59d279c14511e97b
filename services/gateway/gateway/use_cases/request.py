"""What an authorization request asks for, pushed or not: each parameter read once and strictly."""

from collections.abc import Mapping
from typing import Any

from protocol import strict_json
from protocol.encoding import EncodingError, unb64u

from gateway import acr
from gateway.clients import Client
from gateway.context import Gateway
from gateway.errors import OAuthError
from gateway.parameters import Parameters
from gateway.store.attempts import Attempt, Prompt
from gateway.use_cases import hints

LONGEST_STATE = 2048
LONGEST_NONCE = 255
_ANY_AGE = 24 * 3600
"""No session is as old: for applications that ask when somebody signed in, whenever it was."""


def read(gateway: Gateway, client: Client, asked: Parameters, proved: bytes | None) -> Attempt:
    """Return what a request asks for, whose redirect URI is one of the application's; raises ``OAuthError``.

    ``proved`` is the thumbprint of the request's DPoP proof.
    """
    if "request" in asked:
        raise OAuthError("request_not_supported", "request objects are not supported")
    if asked.one("response_type") != "code":
        raise OAuthError("unsupported_response_type", "response_type is code")
    if asked.one("response_mode") not in (None, "query"):
        raise OAuthError("invalid_request", "response_mode is query")
    needed, values, tells_time = _claims(asked)
    max_age = _max_age(asked)
    return Attempt(
        client_id=client.client_id,
        redirect_uri=redirect_uri(client, asked),
        state=_short(asked, "state", LONGEST_STATE),
        nonce=_short(asked, "nonce", LONGEST_NONCE),
        challenge=_challenge(client, asked),
        jkt=_key(client, asked, proved),
        resources=_resources(gateway, client, asked),
        place=_place(asked),
        provider=_provider(gateway, asked),
        scope=_scope(client, asked),
        prompt=_prompt(asked),
        max_age=_ANY_AGE if max_age is None and tells_time else max_age,
        acr_values=values or tuple(value for value in (asked.one("acr_values") or "").split() if value in acr.ALL),
        acr_needed=needed,
        hinted_sub=_hinted_sub(gateway, client, asked),
    )


def redirect_uri(client: Client, asked: Parameters) -> str:
    """Return where the answer goes: one of the application's registered URIs, character by character."""
    given = asked.one("redirect_uri")
    if given is None or not client.allows(given):
        raise OAuthError("invalid_request", "redirect_uri is not a registered one")
    return given


def _scope(client: Client, asked: Parameters) -> str:
    scope = dict.fromkeys((asked.one("scope") or "").split(" "))
    if "openid" not in scope or not set(scope) <= {"openid", *client.scopes}:
        raise OAuthError("invalid_scope", "scope is openid, and others that the application was given")
    return " ".join(scope)


def _prompt(asked: Parameters) -> Prompt | None:
    prompts = set((asked.one("prompt") or "").split())
    if "none" in prompts:
        if len(prompts) > 1:
            raise OAuthError("invalid_request", "prompt none stands alone")
        return "none"
    # Nothing is consented to here, and an account is chosen by signing in to it.
    return "login" if prompts & {"login", "select_account"} else None


def _max_age(asked: Parameters) -> int | None:
    said = asked.one("max_age")
    if said is None:
        return None
    if not (said.isascii() and said.isdigit() and len(said) <= 9):
        raise OAuthError("invalid_request", "max_age is a number of seconds")
    return int(said)


def _claims(asked: Parameters) -> tuple[bool, tuple[str, ...], bool]:
    """Return of ``claims`` what is honoured (OpenID Connect Core 1.0 section 5.5.1.1): acr, needed or not, and auth_time."""
    said = asked.one("claims")
    if said is None:
        return False, (), False
    try:
        document: Mapping[str, Any] = strict_json.loads_object(said.encode())
        wanted = document.get("id_token") or {}
        about = wanted.get("acr") or {}
        values = about.get("values", [about["value"]] if "value" in about else [])
        # Joined, because what is no string raises here.
        return (
            about.get("essential") is True and bool(values),
            tuple(" ".join(values).split(" ")) if values else (),
            "auth_time" in wanted,
        )
    except (ValueError, AttributeError, TypeError):
        raise OAuthError("invalid_request", "claims is a JSON object as OpenID Connect Core 1.0 section 5.5 has it") from None


def _hinted_sub(gateway: Gateway, client: Client, asked: Parameters) -> str | None:
    token = asked.one("id_token_hint")
    if token is None:
        return None
    hint = hints.read(gateway, token)
    if hint is None or hint.client_id != client.client_id:
        raise OAuthError("invalid_request", "id_token_hint is not an ID token of this application")
    return hint.sub


def _short(asked: Parameters, name: str, longest: int) -> str | None:
    value = asked.one(name)
    if value is not None and len(value) > longest:
        raise OAuthError("invalid_request", f"{name} is too long")
    return value


def _challenge(client: Client, asked: Parameters) -> bytes | None:
    if not client.rules.pkce and "code_challenge" not in asked and "code_challenge_method" not in asked:
        return None
    # An absent method would mean `plain` (RFC 7636 section 4.3), so it is as good as refused.
    if asked.one("code_challenge_method") != "S256":
        raise OAuthError("invalid_request", "code_challenge_method is S256")
    return _hash_of(asked, "code_challenge")


def _key(client: Client, asked: Parameters, proved: bytes | None) -> bytes | None:
    if "dpop_jkt" not in asked:
        # Who proves itself may name its key with the code; for the others nothing else would bind it.
        if proved is None and not client.confidential:
            raise OAuthError("invalid_request", "a DPoP proof or dpop_jkt is needed")
        return proved
    named = _hash_of(asked, "dpop_jkt")
    if proved not in (None, named):
        raise OAuthError("invalid_dpop_proof", "dpop_jkt is not the key of the DPoP proof")
    return named


def _hash_of(asked: Parameters, name: str) -> bytes:
    try:
        return unb64u(asked.one(name) or "", 32)
    except EncodingError:
        raise OAuthError("invalid_request", f"{name} is a SHA-256 value in base64url") from None


def _place(asked: Parameters) -> int:
    said = asked.one("place") or "0"
    if not (said.isascii() and said.isdigit() and len(said) <= 2):
        raise OAuthError("invalid_request", "place is a number up to 99")
    return int(said)


def _provider(gateway: Gateway, asked: Parameters) -> str | None:
    issuer = asked.one("provider")
    party = None if issuer is None else gateway.providers.of(issuer)
    if issuer is not None and party is None:
        raise OAuthError("invalid_request", "provider is the issuer of one of the group's providers")
    return None if party is None else party.idp.name


def _resources(gateway: Gateway, client: Client, asked: Parameters) -> tuple[str, ...]:
    resources = asked.many("resource")
    unknown = not set(resources) <= gateway.targets(client)
    # An application that releases must say where: there is no audience that would be meant otherwise.
    if unknown or len(set(resources)) != len(resources) or (not client.confidential and not resources):
        raise OAuthError("invalid_target", "resource is an audience that this application may name, each at most once")
    return tuple(sorted(resources))

"""A member's evidence in a pushed request: the statement and proof that the three authorities are shown as well."""

from typing import NoReturn

from authority import Authority, prove_sign_in
from authority.errors import AccessEnded, EvidenceRefused, EvidenceReplayed, StatementRefused, TooManyTries
from chassis.problems import Problem, Unavailable
from protocol.encoding import EncodingError, unb64u
from protocol.messages.release import Evidence
from protocol.strict_json import loads_object
from pydantic import TypeAdapter

from gateway.errors import OAuthCode, OAuthError
from gateway.parameters import Parameters

_EVIDENCE: TypeAdapter[Evidence] = TypeAdapter(Evidence)
_REFUSALS: dict[type[Problem], tuple[OAuthCode, str]] = {
    StatementRefused: ("invalid_request", "statement is not one about this request"),
    EvidenceRefused: ("access_denied", "the evidence is not accepted"),
    EvidenceReplayed: ("access_denied", "the evidence was used before"),
    AccessEnded: ("access_denied", "access has ended"),
    TooManyTries: ("slow_down", "this code was tried too often"),
    Unavailable: ("temporarily_unavailable", "please ask again"),
}


async def member(authority: Authority, asked: Parameters, jkt: bytes, now: int) -> bytes | None:
    """Return the reference of the member whose evidence a pushed request holds, None where it holds none; raises ``OAuthError``."""
    statement, proof = asked.one("statement"), asked.one("evidence")
    if statement is None and proof is None:
        return None
    try:
        return await prove_sign_in(authority, unb64u(statement or ""), _evidence(proof or ""), jkt, now)
    except tuple(_REFUSALS) as refused:
        _refuse(refused)
    except (EncodingError, ValueError):
        raise OAuthError("invalid_request", "statement and evidence belong together, JSON in base64url") from None


def _evidence(text: str) -> Evidence:
    return _EVIDENCE.validate_python(loads_object(unb64u(text)))


def _refuse(problem: Problem) -> NoReturn:
    error, description = _REFUSALS[type(problem)]
    raise OAuthError(error, description) from None

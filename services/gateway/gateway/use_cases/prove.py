"""A member's evidence: in a pushed request, as the three authorities are shown it as well, or from the portal, for one sign-in."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from authority import Authority, prove_hand_over, prove_sign_in
from authority.errors import AccessEnded, EvidenceRefused, EvidenceReplayed, StatementRefused, TooManyTries
from chassis.problems import Problem, Unavailable
from protocol.encoding import EncodingError, unb64u
from protocol.messages.release import CodeEvidence, Evidence, PasskeyEvidence
from protocol.strict_json import loads_object
from pydantic import TypeAdapter

from gateway import acr
from gateway.errors import OAuthCode, OAuthError
from gateway.networks import Pace
from gateway.parameters import Parameters

_EVIDENCE: TypeAdapter[Evidence] = TypeAdapter(Evidence)
_LOCAL: TypeAdapter[PasskeyEvidence | CodeEvidence] = TypeAdapter(PasskeyEvidence | CodeEvidence)
_REFUSALS: dict[type[Problem], tuple[OAuthCode, str]] = {
    StatementRefused: ("invalid_request", "statement is not one about this request"),
    EvidenceRefused: ("access_denied", "the evidence is not accepted"),
    EvidenceReplayed: ("access_denied", "the evidence was used before"),
    AccessEnded: ("access_denied", "access has ended"),
    TooManyTries: ("slow_down", "this code was tried too often"),
    Unavailable: ("temporarily_unavailable", "please ask again"),
}


@dataclass(frozen=True)
class Proved:
    """A member who proved who they are, and how."""

    ref: bytes
    acr: str


async def member(authority: Authority, asked: Parameters, jkt: bytes | None, now: int, pace: Pace) -> Proved | None:
    """Return the member whose evidence a pushed request holds, None where it holds none; raises ``OAuthError``."""
    statement, proof = asked.one("statement"), asked.one("evidence")
    if statement is None and proof is None:
        return None
    if jkt is None:
        raise OAuthError("invalid_request", "evidence is for one DPoP key")
    with _refusing():
        shown = _EVIDENCE.validate_python(_read(proof))
        async with pace.trying(authority) as paced:
            ref = await prove_sign_in(paced, unb64u(statement or ""), shown, jkt, now)
        return Proved(ref, acr.of_evidence(shown.kind))


async def member_at_portal(authority: Authority, asked: Parameters, reference: bytes, jkt: bytes, now: int, pace: Pace) -> Proved:
    """Return the member who proved, at the portal, the sign-in that ``reference`` names; raises ``OAuthError``."""
    with _refusing():
        shown = _LOCAL.validate_python(_read(asked.one("evidence")))
        async with pace.trying(authority) as paced:
            ref = await prove_hand_over(paced, unb64u(asked.one("statement") or ""), shown, reference, jkt, now)
        return Proved(ref, acr.of_evidence(shown.kind))


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except tuple(_REFUSALS) as refused:
        error, description = _REFUSALS[type(refused)]
        raise OAuthError(error, description) from None
    except (EncodingError, ValueError):
        raise OAuthError("invalid_request", "statement and evidence belong together, JSON in base64url") from None


def _read(text: str | None) -> object:
    return loads_object(unb64u(text or ""))

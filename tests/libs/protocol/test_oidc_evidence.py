"""Evidence by an ID token."""

from typing import Any

import pytest
from protocol.deployment import GroupIdp
from protocol.encoding import b64u
from protocol.jose import TokenRefused
from protocol.oidc_evidence import OidcSubject, check_claims
from protocol.times import ID_TOKEN_LIFETIME, SKEW

NOW = 1_800_000_000
IDP = GroupIdp(
    issuer="https://idp.example/", evidence_client="evidence", subject_claim="employee_number", allowed_claims=frozenset({"locale"})
)
H = bytes(32)
CLAIMS: dict[str, Any] = {
    "iss": IDP.issuer,
    "sub": "s",
    "aud": "evidence",
    "iat": NOW,
    "exp": NOW + 300,
    "nonce": b64u(H),
    "employee_number": "E000001",
}


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"aud": ["evidence"]},
        {"azp": "evidence"},
        {"auth_time": NOW, "locale": "ja"},
        {"iat": NOW - ID_TOKEN_LIFETIME},
        {"iat": NOW + SKEW},
    ],
)
def test_good_evidence_names_its_subject(more: dict[str, Any]) -> None:
    """Within the limits the configured claim's value is the subject."""
    assert check_claims({**CLAIMS, **more}, IDP, H, NOW) == OidcSubject(IDP.issuer, "E000001")


@pytest.mark.parametrize(
    "change",
    [
        {"iss": "https://idp.example"},
        {"aud": "gateway"},
        {"aud": ["evidence", "gateway"]},
        {"aud": []},
        {"azp": "gateway"},
        {"azp": None},
        {"nonce": b64u(bytes([1]) * 32)},
        {"nonce": None},
        {"exp": NOW},
        {"exp": True},
        {"iat": NOW - ID_TOKEN_LIFETIME - 1},
        {"iat": NOW + SKEW + 1},
        {"iat": None},
        {"name": "架空 花子"},
        {"email": "hanako@example.com"},
        {"preferred_username": "hanako"},
        {"employee_number": ""},
        {"employee_number": 1},
        {"employee_number": None},
    ],
)
def test_other_evidence_is_refused(change: dict[str, Any]) -> None:
    """Another issuer, audience, party, nonce or time is refused, and so is a token that says too much or too little."""
    with pytest.raises(TokenRefused) as caught:
        check_claims({**CLAIMS, **change}, IDP, H, NOW)

    assert "花子" not in str(caught.value)


def test_verifiers_of_two_authorities_differ() -> None:
    """What is stored of one subject looks unrelated under another key, issuer or value."""
    subjects = [OidcSubject("a", "b"), OidcSubject("ab", ""), OidcSubject("a", "B")]
    hashes = {subject.verifier(key) for subject in subjects for key in (bytes(32), bytes([1]) * 32)}

    assert len(hashes) == 6

"""ES256 tokens that must be refused: DPoP proofs, request proofs, access tokens."""

import hmac
import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import ECKey, KeySet
from protocol import dpop, proof
from protocol.access_token import LIFETIME, AccessToken
from protocol.encoding import b64u, sha256
from protocol.jose import (
    TokenRefused,
    generate_p256,
    import_public,
    p256_from_scalar,
    peek_claims,
    peek_header,
    public_jwk,
    scalar_of,
    sign,
    thumbprint,
    verify,
)
from protocol.times import PROOF_LIFETIME, SKEW

NOW = 1_800_000_000
KEY, OTHER = generate_p256(), generate_p256()
URL, BODY, SUBJECT = "http://localhost:8104/me/vitals?since=2026-04-01", b"{}", bytes(32)
ISSUER, AUDIENCE = "http://localhost:8101", "http://localhost:8102"
ACCESS = AccessToken(ISSUER, AUDIENCE, bytes(16), bytes(16), bytes(32), "warifu-cli", NOW, NOW + LIFETIME)
BEARER = ACCESS.encode(KEY, "jti-of-the-token")

CLAIMS: dict[str, dict[str, object]] = {
    "dpop": {"htm": "PUT", "htu": dpop.target(URL), "iat": NOW, "jti": "12345678", "ath": b64u(sha256(BEARER.encode()))},
    "proof": {"htm": "PUT", "htu": URL, "iat": NOW, "jti": "12345678", "sub": b64u(SUBJECT), "bd": b64u(sha256(BODY))},
    "access": peek_claims(BEARER),
}
TYPES = {"dpop": dpop.TYP, "proof": proof.TYP, "access": "at+jwt"}
CHECKS: dict[str, Callable[[str], object]] = {
    "dpop": lambda token: dpop.check(token, "PUT", URL, NOW, BEARER),
    "proof": lambda token: proof.check(token, "PUT", URL, BODY, NOW),
    "access": lambda token: AccessToken.decode(token, KeySet([KEY]), ISSUER, AUDIENCE, NOW),
}


def _token(
    kind: str, claims: Mapping[str, object] | None = None, header: Mapping[str, object] | None = None, key: ECKey = KEY
) -> str:
    named: dict[str, Any] = {"kid": b64u(thumbprint(KEY))} if kind == "access" else {"jwk": public_jwk(KEY)}
    typ = str((header or {}).get("typ", TYPES[kind]))
    extra = {name: value for name, value in (header or {}).items() if name != "typ"}
    return sign(typ, {**CLAIMS[kind], **(claims or {})}, key, **{**named, **extra})


def _refused(kind: str, token: str) -> str:
    with pytest.raises(TokenRefused) as caught:
        CHECKS[kind](token)
    return str(caught.value)


@pytest.mark.parametrize("kind", CHECKS)
def test_the_right_token_is_accepted(kind: str) -> None:
    """The tokens that all refusals below are variations of are good."""
    assert CHECKS[kind](_token(kind)) is not None


@pytest.mark.parametrize("kind", CHECKS)
@pytest.mark.parametrize("typ", ["JWT", "dpop+jwt", "warifu-proof+jwt", "at+jwt", "logout+jwt", ""])
def test_a_token_of_another_type_is_refused(kind: str, typ: str) -> None:
    """No token is taken for one of another kind."""
    if typ == TYPES[kind]:
        return

    assert _refused(kind, _token(kind, header={"typ": typ})) == "a token of another type"


@pytest.mark.parametrize("kind", CHECKS)
def test_type_is_compared_as_a_media_type(kind: str) -> None:
    """RFC 7515 section 4.1.9: case and an ``application/`` prefix do not matter."""
    assert CHECKS[kind](_token(kind, header={"typ": f"Application/{TYPES[kind].upper()}"})) is not None


@pytest.mark.parametrize("kind", CHECKS)
def test_unsigned_tokens_are_refused(kind: str) -> None:
    """``alg: none`` in any spelling is refused."""
    good = _token(kind).split(".")
    refused = []
    for alg in ("none", "None", "NONE"):
        header = b64u(json.dumps({**peek_header(_token(kind)), "alg": alg}).encode())
        refused.append(_refused(kind, f"{header}.{good[1]}."))

    assert refused == ["a token does not verify"] * 3


@pytest.mark.parametrize("kind", CHECKS)
def test_a_public_key_is_no_secret(kind: str) -> None:
    """HS256 under the bytes of the public key is refused."""
    header = {**peek_header(_token(kind)), "alg": "HS256"}
    signed = ".".join(b64u(json.dumps(part).encode()) for part in (header, CLAIMS[kind]))
    secrets = (KEY.as_pem(private=False), KEY.as_der(private=False), json.dumps(public_jwk(KEY)).encode())
    refused = [_refused(kind, f"{signed}.{b64u(hmac.digest(secret, signed.encode(), 'sha256'))}") for secret in secrets]

    assert refused == ["a token does not verify"] * 3


@pytest.mark.parametrize("kind", CHECKS)
def test_another_key_is_refused(kind: str) -> None:
    """The signature must be by the key that is named."""
    assert _refused(kind, _token(kind, key=OTHER)) == "a token does not verify"


@pytest.mark.parametrize("kind", CHECKS)
def test_critical_extensions_are_refused(kind: str) -> None:
    """Nobody here understands any extension."""
    raw = {"alg": "ES256", "typ": TYPES[kind], "jwk": public_jwk(KEY), "crit": ["b64"], "b64": False}
    token = f"{b64u(json.dumps(raw).encode())}.{_token(kind).split('.', 1)[1]}"

    assert _refused(kind, token) == "a token with critical extensions"


@pytest.mark.parametrize("kind", ["dpop", "proof"])
@pytest.mark.parametrize(
    "jwk",
    [
        None,
        "text",
        {},
        KEY.as_dict(private=True),
        {**public_jwk(KEY), "extra": "x"},
        {**public_jwk(KEY), "crv": "P-384"},
        {**public_jwk(KEY), "kty": "oct"},
        {**public_jwk(KEY), "y": public_jwk(KEY)["x"]},
        {**public_jwk(KEY), "x": ""},
        {"kty": "oct", "k": b64u(bytes(32))},
    ],
)
def test_a_key_that_is_none_is_refused(kind: str, jwk: object) -> None:
    """The header names exactly one public P-256 key: private, other and malformed ones are refused."""
    header = {"alg": "ES256", "typ": TYPES[kind], "jwk": jwk}
    token = f"{b64u(json.dumps(header).encode())}.{_token(kind).split('.', 1)[1]}"

    assert _refused(kind, token) in {"a DPoP proof names its key", "a proof names its key", "a public P-256 JWK is expected"}


def test_a_key_of_dpop_may_say_what_it_is_for() -> None:
    """Libraries of others add alg, use or kid to the key; the proof is the same key's."""
    jwk = {**public_jwk(KEY), "alg": "ES256", "use": "sig", "kid": "x"}
    claims = {"jti": "a" * 16, "htm": "GET", "htu": "https://host.example/", "iat": 1}
    proof = dpop.check(sign("dpop+jwt", claims, KEY, jwk=jwk), "GET", "https://host.example/", 1)

    assert proof.jkt == thumbprint(KEY)


@pytest.mark.parametrize("kind", ["dpop", "proof"])
@pytest.mark.parametrize(
    "claims",
    [
        {"htm": "GET"},
        {"htm": "put"},
        {"htm": None},
        {"htu": "http://localhost:8105/me/vitals?since=2026-04-01"},
        {"htu": "http://localhost:8104/me/other"},
        {"htu": None},
        {"iat": NOW - PROOF_LIFETIME - 1},
        {"iat": NOW + SKEW + 1},
        {"iat": str(NOW)},
        {"iat": float(NOW)},
        {"iat": True},
        {"iat": None},
        {"jti": "1234567"},
        {"jti": "1" * 129},
        {"jti": 12345678},
        {"jti": None},
    ],
)
def test_a_proof_for_another_request_or_time_is_refused(kind: str, claims: dict[str, object]) -> None:
    """Method, URL, time and identifier must be right; ten seconds early and two minutes late are tolerated."""
    assert _refused(kind, _token(kind, claims))


@pytest.mark.parametrize("kind", ["dpop", "proof"])
@pytest.mark.parametrize("iat", [NOW - PROOF_LIFETIME, NOW + SKEW])
def test_the_edges_of_time_are_accepted(kind: str, iat: int) -> None:
    """The limits themselves are still good."""
    assert CHECKS[kind](_token(kind, {"iat": iat})) is not None


def test_a_dpop_proof_belongs_to_its_access_token() -> None:
    """``ath`` is needed with an access token and must be that token's hash."""
    refused = [
        _refused("dpop", _token("dpop", {"ath": ath})) for ath in (None, "", b64u(sha256(b"other")), sha256(BEARER.encode()).hex())
    ]

    assert refused == ["a DPoP proof for another access token"] * 4


def test_a_dpop_target_has_no_query() -> None:
    """RFC 9449 section 4.2: query and fragment are not part of ``htu``."""
    assert dpop.target("http://h/p?q#f") == dpop.target("http://h/p#f?q") == "http://h/p"


def test_a_request_proof_covers_the_query() -> None:
    """Another query is another request."""
    assert _refused("proof", _token("proof", {"htu": URL.split("?", maxsplit=1)[0]})) == "a proof for another request"


@pytest.mark.parametrize("bd", [None, "", b64u(sha256(b"other")), sha256(BODY).hex()])
def test_a_request_proof_belongs_to_its_body(bd: object) -> None:
    """``bd`` must be the hash of the body, also of an empty one."""
    assert _refused("proof", _token("proof", {"bd": bd})) == "a proof for another body"


@pytest.mark.parametrize("sub", ["A", "AB", "AA==", "not base64url!"])
def test_a_request_proof_needs_a_subject(sub: str) -> None:
    """A subject in another encoding is refused."""
    assert _refused("proof", _token("proof", {"sub": sub})) == "a proof needs a subject"


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": AUDIENCE},
        {"iss": None},
        {"aud": ISSUER},
        {"aud": [AUDIENCE]},
        {"aud": None},
        {"exp": NOW},
        {"exp": None},
        {"exp": str(NOW + 1)},
        {"iat": None},
        {"sub": None},
        {"sub": b64u(bytes(15))},
        {"sid": None},
        {"sid": b64u(bytes(17))},
        {"cnf": None},
        {"cnf": {}},
        {"cnf": {"jkt": "short"}},
        {"cnf": "text"},
    ],
)
def test_an_access_token_for_something_else_is_refused(claims: dict[str, object]) -> None:
    """Issuer, one audience, times, reference, session and key must all be there and right."""
    assert _refused("access", _token("access", claims))


def test_an_access_token_of_an_unknown_key_is_refused() -> None:
    """A key id that is not in the set, or none at all among several keys, is refused."""
    keys = KeySet([KEY, OTHER])
    foreign = sign("at+jwt", CLAIMS["access"], KEY, kid="unknown")
    with pytest.raises(TokenRefused) as caught:
        AccessToken.decode(foreign, keys, ISSUER, AUDIENCE, NOW)

    assert str(caught.value) == "a token does not verify"


@pytest.mark.parametrize("text", ["", "x", b64u(b"{}")])
def test_claims_of_what_is_no_token(text: str) -> None:
    """Text without a second part has no claims."""
    with pytest.raises(TokenRefused, match="not a compact token"):
        peek_claims(text)


def test_what_is_made_is_accepted() -> None:
    """Fresh tokens of all three kinds verify and say what they were made to say."""
    made = proof.check(proof.make(KEY, "PUT", URL, SUBJECT, BODY, NOW), "PUT", URL, BODY, NOW)
    bound = dpop.check(dpop.make(KEY, "PUT", URL, NOW, BEARER), "PUT", URL, NOW, BEARER)
    decoded = AccessToken.decode(BEARER, KeySet([KEY]), ISSUER, AUDIENCE, NOW)

    assert (made.subject, made.jkt, bound.jkt, decoded) == (SUBJECT, thumbprint(KEY), thumbprint(KEY), ACCESS)


@given(st.text(max_size=60) | st.from_regex(r"[A-Za-z0-9_-]{0,20}\.[A-Za-z0-9_-]{0,20}\.[A-Za-z0-9_-]{0,20}", fullmatch=True))
def test_no_text_breaks_a_check(text: str) -> None:
    """Arbitrary text is refused with TokenRefused by every check."""
    for kind in CHECKS:
        assert _refused(kind, text)


HEADERS = st.dictionaries(
    st.sampled_from(["alg", "typ", "jwk", "kid", "crit", "b64", "x5c", "jku"]),
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=9)
    | st.lists(st.text(max_size=5), max_size=2)
    | st.dictionaries(st.sampled_from(["kty", "crv", "x", "y", "d"]), st.sampled_from(["EC", "P-256", "AA", "", b64u(bytes(32))])),
    max_size=5,
)


@given(st.sampled_from(sorted(CHECKS)), HEADERS)
def test_no_header_breaks_a_check(kind: str, header: dict[str, object]) -> None:
    """Whatever stands in a header, the check ends with TokenRefused."""
    filled = {"alg": "ES256", "typ": TYPES[kind], **header}

    assert _refused(kind, f"{b64u(json.dumps(filled).encode())}.{b64u(b'{}')}.{b64u(bytes(64))}")


def test_keys_survive_their_scalar() -> None:
    """A key made from its own scalar is the same key."""
    again = p256_from_scalar(scalar_of(KEY))

    assert (thumbprint(again), import_public(public_jwk(again))[1]) == (thumbprint(KEY), thumbprint(KEY))


def test_an_unexpected_algorithm_is_refused() -> None:
    """Only the pinned algorithms verify."""
    with pytest.raises(TokenRefused) as caught:
        verify(_token("access"), KEY, "at+jwt", ("ES384",))

    assert str(caught.value) == "a token does not verify"

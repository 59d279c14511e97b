"""Inputs that a forgiving parser would take: each is refused with the documented error."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from joserfc.jwk import KeySet
from libs.protocol.test_manifest import DRAFT, NOW, OFFICERS, ONE, ORIGINS, TWO
from protocol import dpop, proof
from protocol.bundle import PADDED_BYTES, Bundle, _associated, _keys
from protocol.encoding import b64u, lp, pad, sha256
from protocol.jose import TokenRefused, generate_p256, import_public, peek_claims, peek_header, public_jwk, sign, verify
from protocol.manifest import ManifestRefused, SignedManifest
from protocol.names import STORES, StoreName
from protocol.record import PADDED_BYTES as RECORD_BYTES
from protocol.record import _associated as _row
from protocol.record import open_profile
from protocol.release import SealedPart
from protocol.sealing import OpenError, XWingPrivateKey, seal, seal_xwing
from protocol.statement import RELEASE, Statement, StatementRefused
from pydantic import ValidationError

KEY = generate_p256()
SESSION = XWingPrivateKey(bytes(32))
DEEP = b"[" * 100_000
MEMBERS = json.loads(Statement.make(RELEASE, ORIGINS, NOW, bytes(32), b"").raw)


@pytest.mark.parametrize("sub", [{}, {"sub": None}, {"sub": 1234}])
def test_a_request_proof_without_a_textual_subject_is_refused(sub: dict[str, object]) -> None:
    """A proof that names no subject acts for nobody."""
    claims = {"htm": "GET", "htu": "u", "iat": NOW, "jti": "12345678", "bd": b64u(sha256(b"")), **sub}
    with pytest.raises(TokenRefused) as caught:
        proof.check(sign(proof.TYP, claims, KEY, jwk=public_jwk(KEY)), "GET", "u", b"", NOW)

    assert str(caught.value) == "a proof needs a subject"


@pytest.mark.parametrize("jti", ["é" * 8, "\ud800" * 8, "割符割符割符割符"])
def test_an_identifier_of_odd_characters_is_refused(jti: str) -> None:
    """What is hashed and remembered of a proof is ASCII."""
    claims = {"htm": "GET", "htu": "u", "iat": NOW, "jti": jti, "bd": b64u(sha256(b"")), "sub": b64u(bytes(16))}
    refused = []
    for check in (
        lambda: proof.check(sign(proof.TYP, claims, KEY, jwk=public_jwk(KEY)), "GET", "u", b"", NOW),
        lambda: dpop.check(sign(dpop.TYP, claims, KEY, jwk=public_jwk(KEY)), "GET", "u", NOW),
    ):
        with pytest.raises(TokenRefused) as caught:
            check()
        refused.append(type(caught.value))

    assert refused == [TokenRefused, TokenRefused]


@pytest.mark.parametrize(
    "read", [lambda: peek_header(f"{b64u(DEEP)}.a.b"), lambda: peek_claims(f"a.{b64u(DEEP)}.b")], ids=["header", "claims"]
)
def test_a_deeply_nested_token_is_refused(read: Callable[[], object]) -> None:
    """Nesting beyond the parser's depth is a malformed token."""
    with pytest.raises(TokenRefused) as caught:
        read()

    assert str(caught.value) == "not a compact token"


@pytest.mark.parametrize("change", [{"purpose": None}, {"purpose": 1}, {"v": 1.0}, {"origins": {}}, {"jkt": int("1" * 42 + "0")}])
def test_a_statement_with_values_of_other_types_is_refused(change: dict[str, Any]) -> None:
    """Each member has one type."""
    with pytest.raises(StatementRefused) as caught:
        Statement.parse(json.dumps({**MEMBERS, **change}).encode())

    assert isinstance(caught.value, StatementRefused)


def test_a_statement_in_another_encoding_is_refused() -> None:
    """A statement is UTF-8."""
    with pytest.raises(StatementRefused) as caught:
        Statement.parse(json.dumps(MEMBERS).encode("utf-16"))

    assert isinstance(caught.value, StatementRefused)


def _signed(raw: bytes) -> SignedManifest:
    return SignedManifest(raw, {}).signed_by("one", ONE).signed_by("two", TWO)


def test_a_manifest_with_repeated_keys_is_refused() -> None:
    """What two officers read is what the host reads."""
    with pytest.raises(ManifestRefused) as caught:
        _signed(DRAFT.raw[:-1] + b',"quotas":{"enrol":1000000}}').check(OFFICERS, "named", ORIGINS, NOW)

    assert str(caught.value) == "not a manifest"


def test_a_deeply_nested_manifest_is_refused() -> None:
    """Nesting beyond the parser's depth is no manifest; nobody needs a signature to send one."""
    with pytest.raises(ManifestRefused) as caught:
        _signed(DEEP).check(OFFICERS, "named", ORIGINS, NOW)

    assert str(caught.value) == "not a manifest"


@pytest.mark.parametrize("plaintext", [pad(b"{}", PADDED_BYTES), bytes(PADDED_BYTES)], ids=["content", "padding"])
def test_a_bundle_of_other_content_does_not_open(plaintext: bytes) -> None:
    """A bundle that decrypts to something else ends with OpenError, whose text holds nothing of it."""
    key, commitment = _keys(bytes(32))
    with pytest.raises(OpenError) as caught:
        Bundle.open(commitment + seal(key, plaintext, _associated(b"", 1)), bytes(32), b"", 1)

    assert isinstance(caught.value, OpenError)


@pytest.mark.parametrize(("version", "stores"), [(2, STORES), (1, STORES[:1])], ids=["another-version", "one-seed"])
def test_a_bundle_says_its_own_version_and_every_seed(version: int, stores: tuple[StoreName, ...]) -> None:
    """What was sealed as one version and says another, or lacks a store's seed, does not open."""
    said = Bundle(v=version, record_key=bytes(32), seeds={store: bytes(32) for store in stores})
    key, commitment = _keys(bytes(32))
    plaintext = pad(said.model_dump_json(exclude_none=True).encode(), PADDED_BYTES)
    with pytest.raises(OpenError, match="another version"):
        Bundle.open(commitment + seal(key, plaintext, _associated(b"", 1)), bytes(32), b"", 1)


@pytest.mark.parametrize("change", [{"v": -1}, {"v": 2**64}, {"exp": -1}])
def test_a_part_with_impossible_numbers_is_no_part(change: dict[str, int]) -> None:
    """Numbers that have no place in an info are refused when the part is read, not when it is opened."""
    part = {"host": "identity", "ref": "", "sid": "", "v": 0, "exp": 1, "sealed": "", "signature": ""}
    with pytest.raises(ValidationError) as caught:
        SealedPart.model_validate_json(json.dumps({**part, **change}))

    assert [error["loc"] for error in caught.value.errors()] == [tuple(change)]


@pytest.mark.parametrize("content", [b"{}", b"\xff", DEEP, b'{"shares":[],"record":{"version":-1,"record":""}}'])
def test_a_part_of_other_content_does_not_open(content: bytes) -> None:
    """A part that its authority signed and that holds something else ends with OpenError, whose chain holds nothing of it."""
    info = lp("release", "identity", b"", b"", 0, bytes(32), 1)
    sealed = seal_xwing(SESSION.public_bytes, content, info)
    signature = ONE.sign(lp("sealed-part", sealed, info))
    part = SealedPart(host="identity", ref=b"", sid=b"", v=0, exp=1, sealed=sealed, signature=signature)
    with pytest.raises(OpenError) as caught:
        part.open(SESSION, bytes(32), ONE.public_bytes)

    assert (caught.value.__cause__, caught.value.__suppress_context__) == (None, True)


@pytest.mark.parametrize(
    "plaintext", [pad(b"{}", RECORD_BYTES), pad(b'{"name":', RECORD_BYTES), bytes(RECORD_BYTES)], ids=["fields", "json", "padding"]
)
def test_a_record_of_other_content_does_not_open(plaintext: bytes) -> None:
    """A record that decrypts to something else ends with OpenError, whose chain holds nothing of it."""
    with pytest.raises(OpenError) as caught:
        open_profile(seal(bytes(32), plaintext, _row(b"", 0)), bytes(32), b"", 0)

    assert (caught.value.__cause__, caught.value.__suppress_context__) == (None, True)


ODD: list[object] = [None, 1, 1.5, True, [], {}, "", "é", "A", "A" * 43, "_" * 43, "A" * 44, "\ud800", [1], {"a": 1}, 10**400]


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: repr(odd)[:20])
@pytest.mark.parametrize("member", ["kty", "crv", "x", "y", "d"])
def test_an_odd_key_is_refused(member: str, odd: object) -> None:
    """Whatever stands in a JWK's member, the one error comes."""
    with pytest.raises(TokenRefused) as caught:
        import_public({**public_jwk(KEY), member: odd})

    assert str(caught.value) == "a public P-256 JWK is expected"


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: repr(odd)[:20])
@pytest.mark.parametrize("member", ["alg", "kid", "b64", "crit", "jwk"])
def test_an_odd_header_raises_nothing_else(member: str, odd: object) -> None:
    """Whatever stands in a header, a token whose signature is another's is refused with the one error."""
    _, payload, signature = sign("x", {}, KEY).split(".")
    header = b64u(json.dumps({"alg": "ES256", "typ": "x", "n": 1, member: odd}).encode())
    with pytest.raises(TokenRefused) as caught:
        verify(f"{header}.{payload}.{signature}", KeySet([KEY]), "x")

    assert isinstance(caught.value, TokenRefused)

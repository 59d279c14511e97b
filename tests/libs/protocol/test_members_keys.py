"""Tokens, claims, receipts, deployment and messages."""

import json
import os
from typing import Any

import pytest
from protocol.authority_keys import AuthorityKeys
from protocol.deployment import Deployment, OfficerList
from protocol.encoding import sha256
from protocol.messages.enrolment import Enrol
from protocol.messages.mailbox import Attributes
from protocol.messages.records import Vital
from protocol.messages.release import Release
from protocol.messages.steps import StepDay
from protocol.names import AUTHORITIES, HOSTS, STORES, zone_of
from protocol.rotation import sign_receipt, verify_receipt
from protocol.signing import SignatureRefused, SigningKey, verify
from protocol.tokens import TokenSeed, claim_message, verify_claim
from pydantic import BaseModel, ValidationError

JKT = bytes(32)
DEPLOYMENT = Deployment(
    insurer="06139999",
    origins={host: f"http://localhost:{port}" for port, host in enumerate(HOSTS, 8101)},
    authorities={host: AuthorityKeys(host, os.urandom(32), os.urandom(32)).public() for host in AUTHORITIES},
    officers=OfficerList(number=1, officers=()),
    insurer_key=bytes(1216),
)


def test_a_member_has_unrelated_tokens() -> None:
    """Token, claim key and mailbox key differ between the stores and between members."""
    seeds = [TokenSeed.from_evaluation(y, store) for y in (bytes(32), bytes([1]) * 32) for store in STORES]

    assert (
        len(
            {
                value
                for seed in seeds
                for value in (seed.seed, seed.token, seed.claim_key.public_bytes, seed.mailbox_key.public_bytes)
            }
        )
        == 16
    )


def test_a_claim_hands_over_one_mailbox_to_one_reader() -> None:
    """A claim for another store, token, reader or by another key is refused."""
    seed, other = TokenSeed("anon-data", bytes(32)), TokenSeed("programs", bytes(32))
    signature = seed.claim_key.sign(claim_message("anon-data", seed.token, JKT))
    verify_claim(seed.claim_key.public_bytes, signature, "anon-data", seed.token, JKT)
    wrong: list[tuple[Any, ...]] = [
        (seed.claim_key.public_bytes, signature, "programs", seed.token, JKT),
        (seed.claim_key.public_bytes, signature, "anon-data", bytes(32), JKT),
        (seed.claim_key.public_bytes, signature, "anon-data", seed.token, bytes([1]) * 32),
        (TokenSeed("anon-data", JKT[:31] + b"1").claim_key.public_bytes, signature, "anon-data", seed.token, JKT),
        (bytes(5), signature, "anon-data", seed.token, JKT),
    ]
    for arguments in wrong:
        with pytest.raises(SignatureRefused):
            verify_claim(*arguments)

    assert other.token != seed.token or other.store != seed.store


def test_a_receipt_is_for_one_session_version_and_bundle() -> None:
    """The keyvault's word holds for nobody and nothing else."""
    signing = SigningKey(bytes(32))
    receipt = sign_receipt(signing, JKT, 1, b"bundle")
    verify_receipt(signing.public_bytes, receipt, JKT, 1, sha256(b"bundle"))
    for jkt, version, digest in ((bytes([1]) * 32, 1, sha256(b"bundle")), (JKT, 2, sha256(b"bundle")), (JKT, 1, sha256(b"other"))):
        with pytest.raises(SignatureRefused):
            verify_receipt(signing.public_bytes, receipt, jkt, version, digest)

    assert len(receipt) == 64


@pytest.mark.parametrize("signature", [b"", bytes(63), bytes(64), bytes(65)])
def test_what_is_no_signature_is_refused(signature: bytes) -> None:
    """Signatures of any length are refused the same way."""
    with pytest.raises(SignatureRefused) as caught:
        verify(SigningKey(bytes(32)).public_bytes, signature, b"message")

    assert str(caught.value) == "a signature does not verify"


def test_a_deployment_reads_back_from_json() -> None:
    """The public description survives its file, and lists its origins bytewise."""
    assert Deployment.model_validate_json(DEPLOYMENT.model_dump_json()) == DEPLOYMENT
    assert DEPLOYMENT.sorted_origins == sorted(DEPLOYMENT.origins.values())


@pytest.mark.parametrize("section", ["origins", "authorities"])
def test_an_incomplete_deployment_is_refused(section: str) -> None:
    """All five origins and all three authorities are needed."""
    document = json.loads(DEPLOYMENT.model_dump_json())
    document[section].popitem()
    with pytest.raises(ValidationError) as caught:
        Deployment.model_validate(document)

    assert "all five origins and all three authorities are needed" in str(caught.value)


def test_zones() -> None:
    """The three authorities know names, the two stores do not."""
    assert [zone_of(host) for host in HOSTS] == ["named"] * 3 + ["pseudonymous"] * 2


@pytest.mark.parametrize(
    ("kind", "document"),
    [
        (Enrol, {"rows": []}),
        (Enrol, {"rows": [{"ref": "AAAA"}]}),
        (Enrol, {"rows": [{"ref": "AAAAAAAAAAAAAAAAAAAAAA", "name": "架空"}]}),
        (Release, {"statement": "e30=", "evidence": {"kind": "oidc", "id_token": "t"}, "hpke": ""}),
        (Attributes, {"sex": "female", "birth_year": 1980, "relation": "insured", "group": "g", "postcode": "1000001"}),
        (Vital, {"day": "2026-04-01", "kind": "body-weight", "value": "0", "unit": "kg", "seq": 0}),
        (Vital, {"day": "2026-04-01T10:00:01", "kind": "body-weight", "value": "60", "unit": "kg", "seq": 0}),
        (Vital, {"day": "2026-04-01", "kind": "body-weight", "value": "60.123", "unit": "kg", "seq": 0}),
        (Vital, {"day": "2026-04-01", "kind": "body-weight", "value": "NaN", "unit": "kg", "seq": 0}),
        (StepDay, {"day": "2026-04-01", "steps": 200_001, "seq": 0}),
        (StepDay, {"day": "2026-04-01", "steps": 1, "seq": 0, "at": "10:00"}),
    ],
)
def test_malformed_messages_are_refused_without_echo(kind: type[BaseModel], document: dict[str, Any]) -> None:
    """Unknown members, wrong sizes and impossible values are refused, and the error's text does not repeat the input."""
    with pytest.raises(ValidationError) as caught:
        kind.model_validate_json(json.dumps(document))

    assert "input_value" not in str(caught.value)

"""The known answers in ``contracts/vectors``."""

import importlib
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from protocol.code import Code, CodeError, PinError, verify_code
from protocol.deployment import OfficerList
from protocol.encoding import EncodingError, b64u, lp, unb64u
from protocol.jose import p256_from_scalar
from protocol.manifest import SignedManifest
from protocol.member import MemberNumber, MemberNumberError
from protocol.officers import SignedOfficerList, SignedOfficerRequest
from protocol.oprf import BlindedBatch, evaluate
from protocol.signing import verify
from protocol.statement import Statement, StatementRefused
from protocol.subjects import SubjectProof
from voprf.ristretto import BlindedInput, Evaluator

CONTRACTS = Path(__file__).parents[3] / "contracts"


def _generator() -> ModuleType:
    """Import the package as the command does, and take its folder off the path again."""
    sys.path.insert(0, str(CONTRACTS))
    try:
        return importlib.import_module("make_vectors.write")
    finally:
        sys.path.remove(str(CONTRACTS))


GENERATOR = _generator()
NAMES = tuple(GENERATOR.makers())
KEYS = importlib.import_module("make_vectors.inputs").KEYS


def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((CONTRACTS / "vectors" / f"{name}.json").read_text())
    return found


@pytest.mark.parametrize("name", NAMES)
def test_generating_again_changes_nothing(name: str) -> None:
    """What is deterministic comes out the same, and what is stored still opens and verifies."""
    assert GENERATOR.build(name, _read(name)) == _read(name)


def test_a_stored_object_that_does_not_hold_is_noticed() -> None:
    """A damaged stored object is replaced, so the test above cannot pass on it."""
    known = _read("bundle")
    known["stored"]["sealed"] = "00" + known["stored"]["sealed"][2:]

    assert GENERATOR.build("bundle", known) != known


def test_no_vector_file_is_without_a_maker() -> None:
    """Every file is generated, but for the published vectors of the RFC."""
    names = {path.stem for path in (CONTRACTS / "vectors").glob("*.json")}

    assert names == {*NAMES, "rfc9497-ristretto255-sha512-voprf"}


@pytest.mark.parametrize("text", _read("encoding")["base64url_refused"])
def test_refused_base64url(text: str) -> None:
    """Every spelling but the one canonical is refused."""
    with pytest.raises(EncodingError) as caught:
        unb64u(text)

    assert text == "" or text not in str(caught.value)


@pytest.mark.parametrize("case", _read("statement")["refused"], ids=lambda case: str(case["why"]))
def test_refused_statements(case: dict[str, str]) -> None:
    """Every malformed statement is refused."""
    with pytest.raises(StatementRefused) as caught:
        Statement.parse(case["raw"].encode())

    assert isinstance(caught.value, StatementRefused)


@pytest.mark.parametrize("fields", _read("member")["refused"])
def test_refused_member_numbers(fields: list[str]) -> None:
    """A field that cannot be one is refused, and its value is not repeated."""
    with pytest.raises(MemberNumberError) as caught:
        MemberNumber.parse(*fields)

    assert "123456789" not in str(caught.value)


@pytest.mark.parametrize("case", _read("code")["spellings"], ids=lambda case: str(case["why"]))
def test_spellings_of_a_code(case: dict[str, str]) -> None:
    """However it is spelt, it is the same code."""
    assert Code.parse(case["written"]) == Code(bytes.fromhex(case["code"]))


@pytest.mark.parametrize("case", _read("code")["refused"], ids=lambda case: str(case["fault"]))
def test_refused_codes(case: dict[str, str]) -> None:
    """Every text that is no code is refused for the fault beside it."""
    with pytest.raises(CodeError) as caught:
        Code.parse(case["written"])

    assert caught.value.fault == case["fault"]


@pytest.mark.parametrize("pin", _read("code")["pins_refused"])
def test_refused_pins(pin: str) -> None:
    """Every PIN that is too short after NFKC is refused."""
    with pytest.raises(PinError) as caught:
        Code(bytes(16)).keys("gateway", pin)

    assert pin == "" or pin not in str(caught.value)


def test_the_code_vectors_are_signed() -> None:
    """Every signature verifies under the public key beside it, over the statement's hash."""
    for case in _read("code")["cases"]:
        for shown in case["authorities"].values():
            verify_code(bytes.fromhex(shown["public"]), bytes.fromhex(shown["signature"]), bytes.fromhex(case["h"]))

    assert len(_read("code")["cases"]) == 3


def test_the_manifest_vector_is_signed_by_its_officers() -> None:
    """The officers' signatures verify over the message beside them."""
    cases = _read("manifest")["cases"]
    for case in cases:
        for officer in case["officers"].values():
            verify(bytes.fromhex(officer["key"]), bytes.fromhex(officer["signature"]), lp("manifest", case["raw"].encode()))

    assert [SignedManifest(case["raw"].encode(), {}).raw.hex() in case["message"] for case in cases] == [True, True]


def test_the_subject_vectors_hold() -> None:
    """Each entry's proof leads to the root beside it."""
    case = _read("subjects")["cases"][0]
    root, count = bytes.fromhex(case["root"]), case["count"]
    for entry in case["entries"]:
        SubjectProof.model_validate_json(entry["proof"]).check(root, count, entry["host"], bytes.fromhex(entry["id"]))

    assert len(case["entries"]) == count


def test_the_officers_vectors_hold() -> None:
    """The list follows the one before it, and the officer's requests are read."""
    vectors = _read("officers")
    case = vectors["cases"][0]
    signatures = {name: bytes.fromhex(value) for name, value in case["signatures"].items()}
    before = OfficerList.model_validate(case["before"])
    after = SignedOfficerList(case["raw"].encode(), signatures).check(before, case["origins"])
    asked = [
        SignedOfficerRequest(one["raw"].encode(), one["officer"], bytes.fromhex(one["signature"])).check(
            before, case["origins"][0], json.loads(one["raw"])["iat"]
        )
        for one in vectors["requests"]
    ]

    assert (after.number, [one.action for one in asked]) == (2, ["list", "close"])


def test_blind_evaluation_gives_the_vector() -> None:
    """Blinded, evaluated by three authorities and unblinded, an input gives the F that the vector names."""
    vectors = _read("oprf")
    batch = BlindedBatch([bytes.fromhex(case["x"]) for case in vectors["cases"]])
    answers = {host: evaluate(KEYS[host].evaluator("member"), batch.blinded[host]) for host in KEYS}
    public = {host: KEYS[host].public().voprf["member"] for host in KEYS}

    assert [y.hex() for y in batch.finalize(answers, public, "member")] == [case["y"] for case in vectors["cases"]]


RFC = _read("rfc9497-ristretto255-sha512-voprf")
RFC_KEYS = Evaluator.from_seed(bytes.fromhex(RFC["seed"]), bytes.fromhex(RFC["key_info"]))


def test_rfc_9497_key_pair() -> None:
    """DeriveKeyPair gives the RFC's public key."""
    assert RFC_KEYS.public_key.serialize().hex() == RFC["pk"]


@pytest.mark.parametrize("case", RFC["cases"])
def test_rfc_9497_evaluation(case: dict[str, list[str]]) -> None:
    """The RFC's blinded elements evaluate to the RFC's elements, and its inputs to its outputs.

    The proof is made with a random scalar and a client with a random blind, so neither can be fixed to the RFC's.
    """
    blinded = bytes.fromhex("".join(case["blinded"]))
    elements = evaluate(RFC_KEYS, blinded)[64:].hex()
    outputs = [RFC_KEYS.evaluate_known_input(bytes.fromhex(value)).hex() for value in case["inputs"]]

    assert (elements, outputs) == ("".join(case["evaluated"]), case["outputs"])
    assert BlindedInput.deserialize(blinded[:32]).serialize() == blinded[:32]


def test_proof_vector_key() -> None:
    """The scalar of the proof vector is the key in its JWK."""
    case = _read("proof")["cases"][0]
    key = p256_from_scalar(bytes.fromhex(case["scalar"]))

    assert (key.as_dict(private=False)["x"], b64u(bytes.fromhex(case["thumbprint"]))) == (case["jwk"]["x"], key.thumbprint())

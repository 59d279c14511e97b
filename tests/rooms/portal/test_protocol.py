"""The portal's own modules make what the protocol's vectors say, and what the Python side accepts."""

import json
import subprocess
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from local.node import node
from protocol import dpop
from protocol.code import GROUP, Code, CodeError
from protocol.encoding import unb64u

HERE = Path(__file__).parent
VECTORS = HERE.parents[2] / "contracts" / "vectors"
ALPHABET = "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L"


def vectors(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((VECTORS / f"{name}.json").read_text())
    return found


def answers(**asked: Any) -> dict[str, Any]:
    """Ask the modules, as Node runs them."""
    done = subprocess.run([node(), HERE / "answers.mjs"], input=json.dumps(asked).encode(), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def test_codes() -> None:
    """Handles and signatures for each authority, without and with PINs."""
    cases = vectors("code")["cases"]
    told = answers(keys=[{**case, "hosts": list(case["authorities"])} for case in cases])["keys"]

    assert [one["read"] for one in told] == [case["code"] for case in cases]
    assert [one["printed"] for one in told] == [case["text"] for case in cases]
    for one, case in zip(told, cases, strict=True):
        assert one["made"] == {
            host: {name: known[name] for name in ("handle", "signature")} for host, known in case["authorities"].items()
        }


def test_spellings() -> None:
    """What people write for a code is read, and what is none is refused for the same reason."""
    known = vectors("code")
    told = answers(parse=[case["written"] for case in known["spellings"] + known["refused"]], pins=known["pins_refused"])

    assert [one.get("code") or one["fault"] for one in told["parse"]] == [
        *(case["code"] for case in known["spellings"]),
        *(case["fault"] for case in known["refused"]),
    ]
    assert told["pins"] == [False] * len(known["pins_refused"])


@settings(max_examples=5)
@given(
    st.binary(min_size=16, max_size=16), st.lists(st.tuples(st.integers(4, 34), st.sampled_from(ALPHABET)), min_size=8, max_size=8)
)
def test_a_mistyped_character(secret: bytes, slips: list[tuple[int, str]]) -> None:
    """One character that is another is always found, and the group that is named is the one it stands in."""
    qr = Code(secret).qr
    wrong = [(at, qr[:at] + slip + qr[at + 1 :]) for at, slip in slips if qr[at] != slip]
    told = answers(parse=[text for _, text in wrong])["parse"]

    assert [(one["fault"], one["group"]) for one in told] == [("checksum", at // GROUP) for at, _ in wrong]


@settings(max_examples=5)
@given(st.lists(st.text(alphabet=st.characters(codec="utf-8"), max_size=40), max_size=20))
def test_both_sides_read_alike(texts: list[str]) -> None:
    """Whatever is no code here is none there."""
    told = answers(parse=texts)["parse"]

    assert ["code" in one for one in told] == [_is_code(text) for text in texts]


def test_statements() -> None:
    """Hashes are of the bytes as they stand, and the page's statement is the one of the vectors."""
    known = vectors("statement")
    alone = known["sign_in"]
    said = json.loads(alone["raw"])
    facts = {
        "reference": alone["reference"],
        "origins": said["origins"][::-1],
        "now": said["iat"],
        "jkt": unb64u(said["jkt"]).hex(),
        "nonce": unb64u(said["nonce"]).hex(),
    }
    cases = [*known["cases"], alone]
    told = answers(hashes=[case["raw"] for case in cases], signIn=facts)

    assert told["hashes"] == [case["h"] for case in cases]
    assert told["signIn"] == {"body": alone["body"], "raw": alone["raw"]}


def test_encodings() -> None:
    """Length prefixes, and base64url in its one spelling."""
    known = vectors("encoding")
    # No message of the page's holds a number.
    prefixed = [case for case in known["lp"] if not any("int" in one for one in case["fields"])]
    lengths = [{"text": text, "length": len(text) * 3 // 4} for text in known["base64url_accepted"] + known["base64url_refused"]]
    told = answers(lp=prefixed, b64u=[case["bytes"] for case in known["base64url"]], unb64u=lengths)

    assert told["lp"] == [case["out"] for case in prefixed]
    assert told["b64u"] == [case["text"] for case in known["base64url"]]
    assert told["unb64u"] == [True] * len(known["base64url_accepted"]) + [False] * len(known["base64url_refused"])


def test_proofs_of_a_key_that_stays() -> None:
    """The Python side verifies the proof, and the key cannot be taken out."""
    asked = {"method": "POST", "url": "https://gateway.example/local-sign-in/proof", "now": 1_800_000_000}
    told = answers(dpop=asked)["dpop"]
    checked = dpop.check(told["proof"], asked["method"], asked["url"], asked["now"])  # type: ignore[arg-type]  # of one dict

    assert (checked.jkt.hex(), told["extractable"]) == (told["jkt"], False)


def _is_code(text: str) -> bool:
    try:
        Code.parse(text)
    except CodeError:
        return False
    return True

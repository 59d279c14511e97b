"""``officers.json``."""

import json

from protocol.deployment import Officer, OfficerList
from protocol.encoding import b64u, lp
from protocol.officers import SignedOfficerList, SignedOfficerRequest
from protocol.signing import SigningKey

from make_vectors.cases import Case, Stored
from make_vectors.inputs import NOW, ORIGINS, fixed


def build(_stored: Stored) -> Case:
    """Show an officers' list signed by two of the one before, and an officer's requests to one host."""
    keys = {name: SigningKey(fixed(f"officer {name}")) for name in ("one", "two", "three", "four")}
    people = {name: Officer(id=name, key=key.public_bytes) for name, key in keys.items()}
    before = OfficerList(number=1, officers=(people["one"], people["two"], people["three"]))
    after = OfficerList(number=2, officers=(people["one"], people["two"], people["four"]))
    signed = SignedOfficerList.draft(after, ORIGINS)
    for name in ("one", "two"):
        signed = signed.signed_by(name, keys[name])
    signed.check(before, ORIGINS)
    listed = {
        "before": before.model_dump(mode="json"),
        "origins": sorted(ORIGINS),
        "raw": signed.raw.decode(),
        "message": lp("officers", signed.raw).hex(),
        "signatures": {name: signature.hex() for name, signature in signed.signatures.items()},
    }
    return {
        "cases": [listed],
        "requests": [_request(before, keys["one"], named) for named in ({}, {"window": fixed("window", 16)})],
    }


def _request(officers: OfficerList, key: SigningKey, named: dict[str, bytes]) -> Case:
    content = {
        "v": 1,
        "action": "close" if named else "list",
        "origin": ORIGINS[0],
        **{name: b64u(value) for name, value in named.items()},
        "iat": NOW,
        "nonce": b64u(fixed("officer nonce", 16)),
    }
    raw = json.dumps(content, separators=(",", ":")).encode()
    signature = key.sign(lp("officer-request", raw))
    SignedOfficerRequest(raw, "one", signature).check(officers, ORIGINS[0], NOW)
    return {"officer": "one", "raw": raw.decode(), "signature": signature.hex()}

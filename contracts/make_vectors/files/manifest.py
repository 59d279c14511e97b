"""``manifest.json``."""

from typing import Any

from protocol.encoding import lp
from protocol.manifest import Manifest, SignedManifest
from protocol.signing import SigningKey

from make_vectors.cases import Case, Stored
from make_vectors.inputs import JKT, NOW, ORIGINS, SESSION, fixed

_CASES: tuple[dict[str, Any], ...] = (
    {"zone": "named", "purpose": "enrol", "quotas": {"enrol": 10, "member": 10}},
    {
        "zone": "pseudonymous",
        "purpose": "suspend",
        "quotas": {"suspend": 4},
        "subjects": fixed("subjects root"),
        "subject_count": 4,
    },
)


def build(_stored: Stored) -> Case:
    """Show windows' manifests with two officers' signatures."""
    return {"cases": [_case(facts) for facts in _CASES]}


def _case(facts: dict[str, Any]) -> Case:
    content = Manifest(
        id=fixed("window", 16),
        request_jkt=JKT,
        hpke=SESSION.public_bytes,
        origins=tuple(sorted(ORIGINS)),
        officer_list=1,
        not_before=NOW,
        expires=NOW + 3600,
        **facts,
    )
    signed = SignedManifest.draft(content)
    officers = {name: SigningKey(fixed(f"officer {name}")) for name in ("one", "two")}
    for name, key in officers.items():
        signed = signed.signed_by(name, key)
    rows = {name: {"key": key.public_bytes.hex(), "signature": signed.signatures[name].hex()} for name, key in officers.items()}
    return {"raw": signed.raw.decode(), "message": lp("manifest", signed.raw).hex(), "officers": rows}

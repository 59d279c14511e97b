"""``manifest.json``."""

from protocol.encoding import lp
from protocol.manifest import Manifest, SignedManifest
from protocol.signing import SigningKey

from make_vectors.cases import Case, Stored
from make_vectors.inputs import JKT, NOW, ORIGINS, SESSION, fixed


def build(_stored: Stored) -> Case:
    """Show a window's manifest with two officers' signatures."""
    content = Manifest(
        id=fixed("window", 16),
        zone="named",
        purpose="enrol",
        request_jkt=JKT,
        hpke=SESSION.public_bytes,
        origins=tuple(sorted(ORIGINS)),
        quotas={"enrol": 10, "member": 10},
        not_before=NOW,
        expires=NOW + 3600,
    )
    signed = SignedManifest.draft(content)
    officers = {name: SigningKey(fixed(f"officer {name}")) for name in ("one", "two")}
    for name, key in officers.items():
        signed = signed.signed_by(name, key)
    rows = {name: {"key": key.public_bytes.hex(), "signature": signed.signatures[name].hex()} for name, key in officers.items()}
    return {"cases": [{"raw": signed.raw.decode(), "message": lp("manifest", signed.raw).hex(), "officers": rows}]}

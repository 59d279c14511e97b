"""``split-seal.json``."""

from typing import Any

from protocol.member import MemberNumber
from protocol.names import AUTHORITIES
from protocol.sealing import XWingPrivateKey
from protocol.split_seal import SplitSealer, inner_hash, open_split, sealed_part, unseal_part

from make_vectors.cases import Case, Stored
from make_vectors.inputs import KEYS, fixed


def build(stored: Stored) -> Case:
    """Show a split seal of a member number, the parts unsealed by each authority, and the payload."""
    insurer, row = XWingPrivateKey(fixed("insurer")), fixed("token")
    payload = MemberNumber.parse("06139999", "テスト-1", "100", "00").x

    def parts(blob: bytes) -> dict[Any, bytes]:
        return {
            host: unseal_part(KEYS[host].unseal_key("number"), sealed_part(blob, host), "number", inner_hash(blob))
            for host in AUTHORITIES
        }

    def make() -> Case:
        sealer = SplitSealer("number", insurer.public_bytes, {host: KEYS[host].public().unseal["number"] for host in AUTHORITIES})
        blob = sealer.seal(payload, row)
        return {"blob": blob.hex(), "parts": {host: part.hex() for host, part in parts(blob).items()}}

    def opens(kept: Case) -> bool:
        blob = bytes.fromhex(kept["blob"])
        found = parts(blob)
        shown = {host: part.hex() for host, part in found.items()}
        return shown == kept["parts"] and open_split(blob, "number", row, found, insurer) == payload

    case = {"insurer_seed": fixed("insurer").hex(), "row": row.hex(), "use": "number", "payload": payload.hex()}
    return {"cases": [case], "stored": stored(make, opens)}

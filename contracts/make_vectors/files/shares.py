"""``shares.json``."""

from protocol import shares
from protocol.names import AUTHORITIES

from make_vectors.cases import Case, Stored
from make_vectors.inputs import KEYS, REFS, fixed


def build(_stored: Stored) -> Case:
    """Show the shares of three authorities and the member key they give."""
    cases = []
    for version in (0, 1):
        parts = {host: KEYS[host].share(fixed(f"salt {host}"), REFS[host], version) for host in AUTHORITIES}
        rows = {
            host: {"root": fixed(f"root {host}").hex(), "salt": fixed(f"salt {host}").hex(), "ref": REFS[host].hex()}
            | {"share": parts[host].hex()}
            for host in AUTHORITIES
        }
        key = shares.member_key(parts, version)
        first = {"first_record_key": shares.first_record_key(key).hex()} if version == 0 else {}
        cases.append({"v": version, "authorities": rows, "member_key": key.hex(), **first})
    return {"cases": cases}

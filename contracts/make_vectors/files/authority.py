"""``authority.json``."""

from protocol.derive import hkdf
from protocol.encoding import lp
from protocol.tokens import USE_MEMBER

from make_vectors.cases import Case, Stored
from make_vectors.inputs import KEYS, fixed


def build(_stored: Stored) -> Case:
    """Show every public key of an authority, from its two secrets."""
    cases = []
    for host, keys in KEYS.items():
        public = keys.public()
        cases.append(
            {
                "host": host,
                "root": fixed(f"root {host}").hex(),
                "signing_seed": fixed(f"signing {host}").hex(),
                "signing": public.signing.hex(),
                "voprf_seed": hkdf(fixed(f"root {host}"), lp("voprf-seed")).hex(),
                "voprf_info": lp("voprf", USE_MEMBER).hex(),
                "voprf_member": public.voprf[USE_MEMBER].hex(),
                "unseal_number": public.unseal["number"].hex(),
                "oidc_key": keys.oidc_key.hex(),
            }
        )
    return {"cases": cases}

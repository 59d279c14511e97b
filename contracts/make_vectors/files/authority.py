"""``authority.json``."""

from protocol.authority_keys import FIRST_GENERATION
from protocol.encoding import lp
from protocol.roots import RawRoot, expand
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
                "voprf_seed": expand(RawRoot(fixed(f"root {host}")), lp("voprf-seed")).hex(),
                "voprf_info": lp("voprf", USE_MEMBER).hex(),
                "voprf_member": public.voprf[USE_MEMBER].hex(),
                "unseal_number": public.unseal["number"].hex(),
                "verifier_key": keys.verifier_key.hex(),
                "root_check": keys.root_check(FIRST_GENERATION).hex(),
            }
        )
    return {"cases": cases}

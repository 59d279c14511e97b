"""``tokens.json``."""

from protocol.encoding import sha256
from protocol.names import STORES
from protocol.tokens import TokenSeed

from make_vectors.cases import Case, Stored
from make_vectors.inputs import fixed


def build(_stored: Stored) -> Case:
    """Show the way from F to seeds, tokens and keys of both stores. X-Wing public keys are given as their SHA-256."""
    cases = []
    for store in STORES:
        seed = TokenSeed.from_evaluation(fixed("y"), store)
        cases.append(
            {
                "y": fixed("y").hex(),
                "store": store,
                "seed": seed.seed.hex(),
                "token": seed.token.hex(),
                "claim_public": seed.claim_key.public_bytes.hex(),
                "mailbox_public_sha256": sha256(seed.mailbox_key.public_bytes).hex(),
            }
        )
    return {"cases": cases}

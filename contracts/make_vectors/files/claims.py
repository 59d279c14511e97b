"""``claims.json``."""

from protocol.names import STORES
from protocol.tokens import TokenSeed, claim_message

from make_vectors.cases import Case, Stored
from make_vectors.inputs import JKT, fixed


def build(_stored: Stored) -> Case:
    """Show how a mailbox is handed to a reader key."""
    cases = []
    for store in STORES:
        seed = TokenSeed(store, fixed(f"seed {store}"))
        message = claim_message(store, seed.token, JKT)
        case = {"store": store, "seed": seed.seed.hex(), "token": seed.token.hex(), "reader_jkt": JKT.hex()}
        cases.append(case | {"message": message.hex(), "signature": seed.claim_key.sign(message).hex()})
    return {"cases": cases}

"""``bundle.json``."""

from protocol.bundle import Bundle, _associated, _keys
from protocol.names import STORES

from make_vectors.cases import Case, Stored
from make_vectors.inputs import MEMBER_KEY, REFS, fixed


def build(stored: Stored) -> Case:
    """Show a bundle, the keys it is sealed under, and a sealed one."""
    content = Bundle(
        v=1,
        record_key=fixed("record key"),
        seeds={store: fixed(f"seed {store}") for store in STORES},
        readers={store: (fixed(f"reader {store}"),) for store in STORES},
        mailbox=fixed("mailbox"),
        log=fixed("log"),
    )
    key, commitment = _keys(MEMBER_KEY)
    case = {"member_key": MEMBER_KEY.hex(), "key": key.hex(), "commitment": commitment.hex()}
    associated = _associated(REFS["keyvault"], 1).hex()
    return {
        "cases": [case | {"ref": REFS["keyvault"].hex(), "v": 1, "associated": associated, "json": content.model_dump_json()}],
        "stored": stored(
            lambda: {"sealed": content.seal(MEMBER_KEY, REFS["keyvault"]).hex()},
            lambda kept: Bundle.open(bytes.fromhex(kept["sealed"]), MEMBER_KEY, REFS["keyvault"], 1) == content,
        ),
    }

"""``labels.json``."""

from protocol.derive import hkdf
from protocol.encoding import lp, pad
from protocol.labels import PADDED_BYTES, open_label, seal_label

from make_vectors.cases import Case, Stored
from make_vectors.inputs import fixed

_LABEL = "財布のカード"


def build(stored: Stored) -> Case:
    """Show what a member calls a way to sign in, sealed."""
    seed, verifier = fixed("mailbox"), fixed("verifier", 16)
    return {
        "cases": [
            {
                "mailbox": seed.hex(),
                "key": hkdf(seed, lp("verifier-label")).hex(),
                "id": verifier.hex(),
                "associated": lp("verifier-label", verifier).hex(),
                "label": _LABEL,
                "padded": pad(_LABEL.encode(), PADDED_BYTES).hex(),
            }
        ],
        "stored": stored(
            lambda: {"sealed": seal_label(_LABEL, seed, verifier).hex()},
            lambda kept: open_label(bytes.fromhex(kept["sealed"]), seed, verifier) == _LABEL,
        ),
    }

"""``sealing.json``."""

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from protocol import sealing
from protocol.encoding import lp

from make_vectors.cases import Case, Stored
from make_vectors.inputs import SESSION, fixed


def build(stored: Stored) -> Case:
    """Show the three algorithms of sealed objects."""
    info, plaintext, key = lp("vector", "info"), b"plaintext", fixed("aes")
    curve = X25519PrivateKey.from_private_bytes(fixed("x25519"))
    public = SESSION.public_bytes
    return {
        "cases": [{"seed": fixed("session").hex(), "xwing_public": public.hex()}],
        "info": info.hex(),
        "plaintext": plaintext.hex(),
        "aes_key": key.hex(),
        "x25519_private": fixed("x25519").hex(),
        "xwing_seed": fixed("session").hex(),
        "stored": stored(
            lambda: {
                "aes_gcm": sealing.seal(key, plaintext, info).hex(),
                "xwing": sealing.seal_xwing(public, plaintext, info).hex(),
                "x25519": sealing.seal_x25519(curve.public_key(), plaintext, info).hex(),
            },
            lambda kept: (
                [
                    sealing.unseal(key, bytes.fromhex(kept["aes_gcm"]), info),
                    SESSION.open(bytes.fromhex(kept["xwing"]), info),
                    sealing.open_x25519(curve, bytes.fromhex(kept["x25519"]), info),
                ]
                == [plaintext] * 3
            ),
        ),
    }

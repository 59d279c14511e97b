"""``archive.json``."""

from protocol.archive import archive_key, sign_archive
from protocol.derive import hkdf
from protocol.encoding import lp

from make_vectors.cases import Case, Stored
from make_vectors.inputs import fixed

_MANIFEST = b'{"v":1}'


def build(_stored: Stored) -> Case:
    """Show the key of what a member takes along, and a signature by it."""
    seed = fixed("mailbox")
    key = archive_key(seed)
    return {
        "cases": [
            {
                "mailbox": seed.hex(),
                "seed": hkdf(seed, lp("archive-key")).hex(),
                "public": key.public_bytes.hex(),
                "manifest": _MANIFEST.hex(),
                "message": lp("archive", _MANIFEST).hex(),
                "signature": sign_archive(key, _MANIFEST).hex(),
            }
        ]
    }

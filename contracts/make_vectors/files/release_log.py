"""``release-log.json``."""

from protocol.checkpoint import Checkpoint, Note
from protocol.derive import hkdf
from protocol.encoding import lp
from protocol.merkle import leaf_hash
from protocol.release_log import KINDS, Entry, Event, LogKey, leaf, log_public, number_of, seal_entry

from make_vectors.cases import Case, Stored
from make_vectors.inputs import JKT, KEYS, NOW, REFS, fixed

_HOST = "keyvault"
_SEED, _SALT, _ROOT = fixed("log"), fixed("log salt", 16), fixed("log root")
_EVENT = Event("release", REFS["keyvault"], JKT, NOW // 86_400)
_ENTRY = Entry("release", JKT, NOW // 86_400, 41, _SALT)
_LOG, _WITNESS = "localhost:8102/log", "localhost:8101/witness"


def build(stored: Stored) -> Case:
    """Show a leaf, the entry that opens it, sealed, and a checkpoint with a cosignature; and one of a log that began anew."""
    key = LogKey(_SEED, "keyvault", REFS["keyvault"])
    commitment = _EVENT.commitment("keyvault", _SALT)
    checkpoint = Checkpoint(_LOG, 42, _ROOT)
    signing, witness = KEYS["keyvault"].signing, KEYS["gateway"].signing
    signatures = (checkpoint.sign(signing), checkpoint.cosign(_WITNESS, witness, NOW))
    second = Checkpoint(f"{_LOG}/2", 43, _ROOT)
    return {
        "kinds": {kind: number_of(kind) for kind in KINDS},
        "leaf": {
            "host": _HOST,
            "ref": _EVENT.ref.hex(),
            "about": _EVENT.about.hex(),
            "day": _EVENT.day,
            "salt": _SALT.hex(),
            "commitment": commitment.hex(),
            "leaf": leaf("release", commitment).hex(),
            "hash": leaf_hash(leaf("release", commitment)).hex(),
        },
        "entry": {
            "seed": _SEED.hex(),
            "private": hkdf(_SEED, lp("log-key", _HOST)).hex(),
            "public": key.public_bytes.hex(),
            "info": lp("log-entry", _HOST, _EVENT.ref).hex(),
            "index": _ENTRY.index,
            "packed": _ENTRY.packed().hex(),
        },
        "checkpoint": {
            "log_public": signing.public_bytes.hex(),
            "witness_public": witness.public_bytes.hex(),
            "now": NOW,
            "note": str(Note(checkpoint.text, signatures)),
            "note_of_log_2": str(Note(second.text, (second.sign(signing),))),
        },
        "stored": stored(
            lambda: {"sealed": seal_entry(log_public(key.public_bytes), _ENTRY.packed(), "keyvault", _EVENT.ref).hex()},
            lambda kept: key.entries(bytes.fromhex(kept["sealed"])) == [_ENTRY],
        ),
    }

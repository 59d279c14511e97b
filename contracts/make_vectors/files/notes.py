"""``notes.json``."""

from datetime import date

from protocol.derive import hkdf
from protocol.encoding import lp, pad
from protocol.notes import PADDED_BYTES, open_note, seal_note

from make_vectors.cases import Case, Stored
from make_vectors.inputs import fixed

_TEXT = "朝、少し頭が痛い。"
_DAY, _SEQ = date(2026, 11, 20), (7 << 20) | 12345


def build(stored: Stored) -> Case:
    """Show a member's own note of a day, sealed."""
    seed, token = fixed("mailbox"), fixed("token")
    return {
        "cases": [
            {
                "mailbox": seed.hex(),
                "key": hkdf(seed, lp("note")).hex(),
                "token": token.hex(),
                "day": _DAY.isoformat(),
                "seq": _SEQ,
                "associated": lp("note", token, _DAY.isoformat(), _SEQ).hex(),
                "text": _TEXT,
                "padded": pad(_TEXT.encode(), PADDED_BYTES).hex(),
            }
        ],
        "stored": stored(
            lambda: {"sealed": seal_note(_TEXT, seed, token, _DAY, _SEQ).hex()},
            lambda kept: open_note(bytes.fromhex(kept["sealed"]), seed, token, _DAY, _SEQ) == _TEXT,
        ),
    }

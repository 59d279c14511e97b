"""``encoding.json``."""

from protocol.encoding import b64u, lp, pad

from make_vectors.cases import Case, Stored
from make_vectors.inputs import fixed


def build(_stored: Stored) -> Case:
    """Show the length-prefixed form, base64url and padding."""
    fields: list[bytes | str | int] = [b"", "", 0, b"\x00\xff", "割符", 2**64 - 1]
    shown = [{type(field).__name__: field.hex() if isinstance(field, bytes) else field} for field in fields]
    texts = ["", "AA", "AAA", "AAAA", "-_-_"]
    return {
        "lp": [
            {"name": "statement", "fields": [], "out": lp("statement").hex()},
            {"name": "share", "fields": shown, "out": lp("share", *fields).hex()},
        ],
        "base64url": [{"bytes": data.hex(), "text": b64u(data)} for data in (b"", b"\x00", b"\xfb\xff", fixed("b64"))],
        "base64url_accepted": texts,
        "base64url_refused": ["A", "AB", "AAB", "AA==", "AA=", "AA ", " AA", "AA\n", "A+", "A/", "A.AA", "Ａ"],
        "pad": [{"data": data.hex(), "size": size, "out": pad(data, size).hex()} for data, size in ((b"", 4), (b"ab\x80", 8))],
    }

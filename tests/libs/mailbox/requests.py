"""A member's reading and a member's writing at each store."""

from protocol.encoding import b64u
from protocol.messages.notes import NOTE_BYTES

READ = {"anon-data": "/me/checkups", "programs": "/me/step-days?since=2026-11-01&until=2026-11-20"}
WRITE = {
    "anon-data": (
        "/me/vitals",
        b'{"items": [{"day": "2026-11-20", "kind": "systolic", "value": "120", "unit": "mm[Hg]", "seq": 1}]}',
    ),
    "programs": ("/me/step-days", b'{"install": "AAAAAAAAAAAAAAAAAAAAAA", "items": [{"day": "2026-11-20", "steps": 7, "seq": 1}]}'),
}
_NOTE = f'{{"items": [{{"day": "2026-11-20", "seq": 1, "sealed": "{b64u(bytes(NOTE_BYTES))}"}}]}}'.encode()
ALL_WRITES = {"anon-data": (WRITE["anon-data"], ("/me/notes", _NOTE)), "programs": (WRITE["programs"],)}
"""One of each kind."""

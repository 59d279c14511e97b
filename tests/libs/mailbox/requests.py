"""A member's reading and a member's writing at each store."""

READ = {"anon-data": "/me/checkups", "programs": "/me/step-days?since=2026-11-01&until=2026-11-20"}
WRITE = {
    "anon-data": (
        "/me/vitals",
        b'{"items": [{"day": "2026-11-20", "kind": "systolic", "value": "120", "unit": "mm[Hg]", "seq": 1}]}',
    ),
    "programs": ("/me/step-days", b'{"install": "AAAAAAAAAAAAAAAAAAAAAA", "items": [{"day": "2026-11-20", "steps": 7, "seq": 1}]}'),
}

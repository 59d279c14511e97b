"""``statement.json``."""

import json

from protocol.encoding import b64u, sha256
from protocol.statement import SIGN_IN, Statement, sign_in_body

from make_vectors.cases import Case, Stored
from make_vectors.inputs import JKT, NOW, ORIGINS, SESSION, fixed


def build(_stored: Stored) -> Case:
    """Show statements as bytes, and their hash."""
    members = {
        "v": 1,
        "purpose": "release",
        "origins": sorted(ORIGINS),
        "iat": NOW,
        "nonce": b64u(fixed("nonce", 16)),
        "jkt": b64u(JKT),
        "hpke": b64u(sha256(SESSION.public_bytes)),
    }
    tight = json.dumps(members, separators=(",", ":"))
    wide = json.dumps({**members, "body": b64u(sha256(b"body"))}, indent=1)
    about = fixed("reference", 32)
    alone = json.dumps(
        {**members, "purpose": SIGN_IN, "hpke": b64u(sha256(b"")), "body": b64u(sha256(sign_in_body(about)))}, separators=(",", ":")
    )
    refused = {
        "not JSON": "{",
        "a list": "[]",
        "unknown key": tight[:-1] + ',"extra":1}',
        "repeated key": tight[:-1] + ',"v":1}',
        "missing key": json.dumps({name: value for name, value in members.items() if name != "jkt"}),
        "another version": tight.replace('"v":1', '"v":2'),
        "version as boolean": tight.replace('"v":1', '"v":true'),
        "time as text": tight.replace(str(NOW), f'"{NOW}"'),
        "time as fraction": tight.replace(str(NOW), f"{NOW}.5"),
        "short nonce": tight.replace(str(members["nonce"]), b64u(fixed("nonce", 15))),
        "padded nonce": tight.replace(str(members["nonce"]), f"{members['nonce']}=="),
        "origins unsorted": json.dumps({**members, "origins": sorted(ORIGINS, reverse=True)}),
        "origin repeated": json.dumps({**members, "origins": [ORIGINS[0], *sorted(ORIGINS)]}),
        "origins as text": json.dumps({**members, "origins": ORIGINS[0]}),
    }
    cases = [{"raw": raw, "h": Statement.parse(raw.encode()).h.hex()} for raw in (tight, wide)]
    sign_in = {
        "reference": about.hex(),
        "body": sign_in_body(about).hex(),
        "raw": alone,
        "h": Statement.parse(alone.encode()).h.hex(),
    }
    return {"cases": cases, "sign_in": sign_in, "refused": [{"why": why, "raw": raw} for why, raw in refused.items()]}

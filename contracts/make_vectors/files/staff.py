"""``staff.json``."""

import json

from protocol.encoding import b64u, lp
from protocol.signing import SigningKey
from protocol.staff import SignedStaffList, StaffGrant, StaffList, StaffPasskey, StaffStatement, passkey_print
from protocol.staff_logout import StaffLogout, session_id
from protocol.staff_token import StaffToken

from make_vectors.cases import Case, Stored
from make_vectors.inputs import JKT, NOW, ORIGINS, fixed


def build(_stored: Stored) -> Case:
    """Show a staff list with two officers' signatures, a staff token, the logout of its session, and a statement with its hash."""
    return {"list": _list(), "token": _token(), "logout": _logout(), "statement": _statement()}


def _list() -> Case:
    credential_id, public_key = fixed("credential", 32), fixed("cose key", 77)
    grant = StaffGrant(subject=fixed("staff subject"), roles=("analyst", "office"))
    entry = StaffPasskey(id="desk-1", credential_id=credential_id, public_key=public_key, stores={"anon-data": grant})
    signed = SignedStaffList.draft(StaffList(number=2, officers=1, passkeys=(entry,)), ORIGINS)
    for name in ("officer-a", "officer-b"):
        signed = signed.signed_by(name, SigningKey(fixed(name)))
    return {
        "raw": signed.raw.decode(),
        "signed": lp("staff", signed.raw).hex(),
        "public_keys": {name: SigningKey(fixed(name)).public_bytes.hex() for name in signed.signatures},
        "signatures": {name: made.hex() for name, made in signed.signatures.items()},
        "print": passkey_print(credential_id, public_key).hex(),
    }


def _token() -> Case:
    signer = SigningKey(fixed("gateway signing"))
    token = StaffToken(
        iss=ORIGINS[0],
        aud=ORIGINS[1],
        sub=fixed("staff subject"),
        roles=("analyst",),
        client_id="warifu-staff-cli",
        jkt=JKT,
        iat=NOW,
        exp=NOW + 300,
        jti=fixed("jti", 16),
    )
    return {"public_key": signer.public_bytes.hex(), "issuer": ORIGINS[0], "audience": ORIGINS[1], "token": token.encode(signer)}


def _logout() -> Case:
    signer, session = SigningKey(fixed("gateway signing")), session_id(JKT, fixed("staff subject"))
    token = StaffLogout(iss=ORIGINS[0], aud=ORIGINS[1], session=session, iat=NOW).encode(signer)
    return {"public_key": signer.public_bytes.hex(), "session": session.hex(), "token": token}


def _statement() -> Case:
    members = {
        "v": 1,
        "purpose": "staff-session",
        "origin": ORIGINS[1],
        "iat": NOW,
        "nonce": b64u(fixed("nonce", 16)),
        "jkt": b64u(JKT),
    }
    raw = json.dumps(members, separators=(",", ":"))
    refused = {
        "not JSON": "{",
        "unknown key": raw[:-1] + ',"extra":1}',
        "repeated key": raw[:-1] + ',"v":1}',
        "missing key": json.dumps({name: value for name, value in members.items() if name != "jkt"}),
        "another purpose": raw.replace("staff-session", "release"),
        "another version": raw.replace('"v":1', '"v":2'),
        "time as text": raw.replace(str(NOW), f'"{NOW}"'),
        "padded nonce": raw.replace(str(members["nonce"]), f"{members['nonce']}=="),
        "short key": raw.replace(b64u(JKT), b64u(JKT[:31])),
    }
    h = StaffStatement.parse(raw.encode()).h.hex()
    return {"raw": raw, "h": h, "refused": [{"why": why, "raw": text} for why, text in refused.items()]}

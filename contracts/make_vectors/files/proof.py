"""``proof.json``."""

from joserfc.jwk import KeySet
from protocol import dpop, proof
from protocol.access_token import AccessToken
from protocol.encoding import b64u, sha256
from protocol.jose import public_jwk, sign

from make_vectors.cases import Case, Stored
from make_vectors.inputs import DPOP, JKT, NOW, REFS, fixed


def build(stored: Stored) -> Case:
    """Show the three kinds of ES256 token that members' devices make or carry, all by one key."""
    body, url, token = b'{"a":1}', "http://localhost:8104/me/vitals?since=2026-04-01", fixed("token")
    access = AccessToken(
        "http://localhost:8101", "http://localhost:8102", REFS["keyvault"], fixed("sid", 16), JKT, "warifu-cli", NOW, NOW + 300
    )
    jti = b64u(fixed("jti", 16))
    common = {"htm": "PUT", "iat": NOW, "jti": jti}

    def make() -> Case:
        bearer = access.encode(DPOP, jti)
        named = {"sub": b64u(token), "bd": b64u(sha256(body))}
        bound = {"htu": "http://localhost:8102/bundles/1", "ath": b64u(sha256(bearer.encode()))}
        return {
            "proof": sign(proof.TYP, {**common, "htu": url, **named}, DPOP, jwk=public_jwk(DPOP)),
            "access_token": bearer,
            "dpop": sign(dpop.TYP, {**common, **bound}, DPOP, jwk=public_jwk(DPOP)),
        }

    def verifies(kept: Case) -> bool:
        made = proof.check(kept["proof"], "PUT", url, body, NOW)
        bound = dpop.check(kept["dpop"], "PUT", "http://localhost:8102/bundles/1", NOW, kept["access_token"])
        decoded = AccessToken.decode(kept["access_token"], KeySet([DPOP]), access.issuer, access.audience, NOW)
        return (made.subject, made.jkt, bound.jkt, decoded) == (token, JKT, JKT, access)

    case = {"scalar": fixed("dpop").hex(), "jwk": public_jwk(DPOP), "thumbprint": JKT.hex(), "now": NOW, "method": "PUT"}
    case |= {"url": url, "body": body.hex(), "subject": token.hex(), "dpop_url": "http://localhost:8102/bundles/1?x=1"}
    case |= {"ref": REFS["keyvault"].hex(), "sid": fixed("sid", 16).hex()}
    return {"cases": [case], "stored": stored(make, verifies)}

"""Proofs and tokens that are each forged in one way."""

import hmac
import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc.jwk import ECKey, RSAKey
from protocol import jose
from protocol.encoding import b64u, sha256, unb64u
from protocol.jose import generate_p256, public_jwk, thumbprint
from rooms.gateway.house import House


def es256(key: ECKey, header: dict[str, Any], payload: bytes) -> str:
    """Sign whatever header and payload there are: our libraries would refuse most of them."""
    signed = f"{b64u(json.dumps(header).encode())}.{b64u(payload)}"
    private = key.private_key
    assert isinstance(private, ec.EllipticCurvePrivateKey)
    r, s = decode_dss_signature(private.sign(signed.encode(), ec.ECDSA(SHA256())))
    return f"{signed}.{b64u(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


def hs256(key: ECKey, header: dict[str, Any], payload: bytes) -> str:
    """Sign with the public key as a secret."""
    signed = f"{b64u(json.dumps(header).encode())}.{b64u(payload)}"
    return f"{signed}.{b64u(hmac.digest(key.as_pem(private=False), signed.encode(), 'sha256'))}"


def proofs(house: House, token: str, key: Any) -> dict[str, list[tuple[str, str]]]:
    """Return proofs for ``GET /userinfo`` that are each wrong in one way."""
    url, now = house.origin("gateway") + "/userinfo", house.clock.timestamp()
    good = {"jti": b64u(bytes(15)) + "x", "htm": "GET", "htu": url, "iat": now, "ath": b64u(sha256(token.encode()))}

    def made(header: dict[str, Any] | None = None, **claims: Any) -> list[tuple[str, str]]:
        said = {
            name: value
            for name, value in {**good, "jti": b64u(sha256(str(claims).encode() + str(header).encode())), **claims}.items()
            if value is not None
        }
        head = {"alg": "ES256", "typ": "dpop+jwt", "jwk": public_jwk(key), **(header or {})}
        head = {name: value for name, value in head.items() if value is not None}
        return [("DPoP", es256(key, head, json.dumps(said).encode()))]

    rsa = RSAKey.generate_key(2048)
    as_secret = hs256(key, {"alg": "HS256", "typ": "dpop+jwt", "jwk": public_jwk(key)}, json.dumps(good).encode())
    header = b64u(json.dumps({"alg": "none", "typ": "dpop+jwt", "jwk": public_jwk(key)}).encode())
    return {
        "another method": made(htm="POST"),
        "another URL": made(htu=url + "/"),
        "another host": made(htu="https://evil.example/userinfo"),
        "no token hash": made(ath=None),
        "another token's hash": made(ath=b64u(sha256(b"x"))),
        "an hour old": made(iat=now - 3600),
        "an hour early": made(iat=now + 3600),
        "no time": made(iat=None),
        "no id": made(jti=None),
        "another type": made({"typ": "JWT"}),
        "no type": made({"typ": None}),
        "no key": made({"jwk": None}),
        "a private key": made({"jwk": key.as_dict(private=True)}),
        "another's key": made({"jwk": public_jwk(generate_p256())}),
        "a critical extension": made({"crit": ["b64"], "b64": True}),
        "no signature": [("DPoP", f"{header}.{b64u(json.dumps(good).encode())}.")],
        "the public key as a secret": [("DPoP", as_secret)],
        "RS256": [("DPoP", jose.sign("dpop+jwt", good, rsa, alg=jose.RS256, jwk=rsa.as_dict(private=False)))],
        "two proofs": [*made(), *made(extra=1)],
        "nonsense": [("DPoP", "x.y.z")],
    }


def forged_tokens(house: House, token: str) -> dict[str, str]:
    """Return access tokens that are each forged in one way."""
    head, claims, signature = token.split(".")
    public = house.app.state.gateway.token_keys.current.key
    stranger = generate_p256()
    kid, body = b64u(thumbprint(public)), unb64u(claims)

    def header(**said: Any) -> str:
        return b64u(json.dumps({"typ": "at+jwt", "kid": kid, **said}).encode())

    def signed(key: ECKey, **said: Any) -> str:
        return es256(key, {"alg": "ES256", "typ": "at+jwt", "kid": kid, **said}, body)

    return {
        "none": f"{header(alg='none')}.{claims}.",
        "None": f"{header(alg='None')}.{claims}.{signature}",
        "HS256": hs256(public, {"alg": "HS256", "typ": "at+jwt", "kid": kid}, body),
        "own key in the header": signed(stranger, jwk=public_jwk(stranger)),
        "key at a URL": signed(stranger, jku="https://evil.example/jwks", x5u="https://evil.example/x"),
        "path as key id": signed(stranger, kid="../../../../dev/null"),
        "SQL as key id": signed(stranger, kid="' OR 1=1 --"),
        "critical extension": signed(public, crit=["exp"], exp=1),
        "ID token": jose.sign("JWT", json.loads(body), public, kid=kid),
        "logout token": jose.sign("logout+jwt", json.loads(body), public, kid=kid),
        "changed": f"{head}.{b64u(body.replace(b'openid', b'opexid'))}.{signature}",
        "expired": jose.sign("at+jwt", {**json.loads(body), "exp": house.clock.timestamp()}, public, kid=kid),
    }

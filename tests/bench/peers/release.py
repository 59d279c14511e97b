"""The unavoidable work of a release: token, proof and evidence verified, a part sealed and signed, one transaction."""

import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc.jwk import ECKey, KeySet
from protocol import dpop
from protocol.access_token import AccessToken
from protocol.encoding import b64u, lp, sha256, unb64u
from protocol.jose import verify
from protocol.sealing import seal_xwing
from protocol.signing import SigningKey

from bench.peer_app import Answer, Headers, Settings, pool_of

DDL = (
    "CREATE UNLOGGED TABLE bench.once (id bytea PRIMARY KEY)",
    "CREATE TABLE bench.account (ref bytea PRIMARY KEY, salt bytea NOT NULL, key bytea)",
    "CREATE TABLE bench.session (sid bytea PRIMARY KEY, ref bytea, jkt bytea, statement bytea, session_key bytea, expires bigint)",
)
_ONCE = "INSERT INTO bench.once (id) VALUES ($1) ON CONFLICT DO NOTHING RETURNING true"
_SALT = "SELECT salt, key FROM bench.account WHERE ref = $1"
_SESSION = "INSERT INTO bench.session (sid, ref, jkt, statement, session_key, expires) VALUES ($1, $2, $3, $4, $5, $6)"
_LASTS_S = 28_800


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Answer]:
    """Take ``origin``, ``gateway``, ``token_jwks``, ``idp_jwks``, ``signing_seed`` and ``part_bytes``.

    An ID token is verified before the database is asked, like ours; what needs the member's own key after the key is read.
    """
    origin, gateway = settings["origin"], settings["gateway"]
    url = origin + "/release"
    token_keys, idp_keys = _keys(settings["token_jwks"]), _keys(settings["idp_jwks"])
    signing, part = SigningKey(unb64u(settings["signing_seed"])), bytes(settings["part_bytes"])
    async with pool_of(settings) as pool:

        async def answer(headers: Headers, raw: bytes) -> bytes:
            now = int(time.time())
            token = headers[b"authorization"][5:].decode()
            access = AccessToken.decode(token, token_keys, gateway, origin, now)
            proof = dpop.check(headers[b"dpop"].decode(), "POST", url, now, token)
            body = json.loads(raw)
            evidence = body["evidence"]
            if evidence["kind"] == "oidc":
                verify(evidence["id_token"], idp_keys, None)
            public, statement = unb64u(body["hpke"]), sha256(unb64u(body["statement"]))
            expires = now + _LASTS_S
            async with pool.acquire() as connection, connection.transaction():
                assert await connection.fetchval(_ONCE, sha256(proof.jkt, proof.jti.encode()))
                account = await connection.fetchrow(_SALT, access.ref)
                assert account
                _check(evidence, account["key"], lp("statement", unb64u(body["statement"])))
                await connection.execute(_SESSION, access.sid, access.ref, access.jkt, statement, public, expires)
            info = lp("release", access.ref, access.sid, access.jkt, expires)
            sealed = seal_xwing(public, part, info)
            signature = signing.sign(lp("sealed-part", sealed, info))
            return json.dumps({"exp": expires, "sealed": b64u(sealed), "signature": b64u(signature)}).encode()

        yield answer


def _check(evidence: dict[str, str], key: bytes, stated: bytes) -> None:
    """Verify the one signature of a passkey or a code."""
    if evidence["kind"] == "passkey":
        signed = unb64u(evidence["authenticator_data"]) + sha256(unb64u(evidence["client_data"]))
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), key)
        public.verify(unb64u(evidence["signature"]), signed, ec.ECDSA(SHA256()))
    elif evidence["kind"] == "code":
        Ed25519PublicKey.from_public_bytes(key).verify(unb64u(evidence["signature"]), lp("code", sha256(stated)))


def _keys(jwks: list[dict[str, str]]) -> KeySet:
    return KeySet([ECKey.import_key({**jwk}) for jwk in jwks])

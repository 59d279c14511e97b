"""Members' sessions made without the gateway and without a person: the benchmark owns every secret of its local deployment."""

import json
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from joserfc.jwk import ECKey
from local import population
from local.layout import Layout
from local.secrets import keep_secret
from protocol import dpop
from protocol.access_token import LIFETIME, AccessToken
from protocol.authority_keys import AuthorityKeys
from protocol.deployment import Deployment
from protocol.encoding import b64u
from protocol.jose import generate_p256, public_jwk, sign, thumbprint
from protocol.messages.release import Evidence, OidcEvidence, Release
from protocol.names import AUTHORITIES, AuthorityName
from protocol.oidc_evidence import OidcSubject
from protocol.sealing import XWingPrivateKey
from protocol.statement import RELEASE, Statement

from bench.errors import BenchError
from bench.harness import Bench
from bench.load import request_bytes


@dataclass(frozen=True)
class Employee:
    """Someone who can sign in, with their reference at each authority."""

    work_id: str
    refs: dict[AuthorityName, bytes]


Prove = Callable[[Employee, bytes], Evidence]
"""Makes an employee's evidence over a statement's hash."""


@dataclass(frozen=True)
class Mint:
    """Signs as the gateway and as the group's provider."""

    deployment: Deployment
    token_key: ECKey
    idp_key: ECKey
    idp_kid: str
    employees: Sequence[Employee]

    @classmethod
    async def of(cls, bench: Bench) -> "Mint":
        """Read the secrets of the running system, and find out who is who."""
        system = await bench.system()
        jwk = json.loads((system.layout.group_idp / "jwks.json").read_text(encoding="utf-8"))["keys"][0]
        return cls(
            await bench.deployment(),
            ECKey.import_key((system.layout.host("gateway").secrets / "token").read_text(encoding="ascii")),
            ECKey.import_key(jwk),
            jwk["kid"],
            await _employees(bench, system.layout),
        )

    def jwks(self) -> dict[str, list[dict[str, str]]]:
        """Return the public keys a peer verifies with."""
        token = {**public_jwk(self.token_key), "kid": b64u(thumbprint(self.token_key))}
        return {"token_jwks": [token], "idp_jwks": [{**public_jwk(self.idp_key), "kid": self.idp_kid}]}

    def releases(self, count: int) -> dict[AuthorityName, list[bytes]]:
        """Return this many fresh sessions' ``POST /release`` to each authority, spread over the employees."""
        made: dict[AuthorityName, list[bytes]] = {host: [] for host in AUTHORITIES}
        for number in range(count):
            employee = self.employees[number % len(self.employees)]
            session = self._session(partial(self.vouched, employee))
            for host in AUTHORITIES:
                made[host].append(session(host, employee.refs[host]))
        return made

    def releases_by(self, host: AuthorityName, count: int, prove: Prove) -> list[bytes]:
        """Return this many fresh sessions' ``POST /release`` to one authority, each employee proving themselves in this way."""
        spread = [self.employees[number % len(self.employees)] for number in range(count)]
        return [self._session(partial(prove, employee))(host, employee.refs[host]) for employee in spread]

    def _session(self, prove: Callable[[bytes], Evidence]) -> Callable[[AuthorityName, bytes], bytes]:
        """Return what makes the releases of one fresh session."""
        now, key = int(time.time()), generate_p256()
        public = XWingPrivateKey.generate().public_bytes
        statement = Statement.make(RELEASE, self.deployment.sorted_origins, now, thumbprint(key), public)
        body = Release(statement=statement.raw, evidence=prove(statement.h), hpke=public).model_dump_json().encode()
        return lambda host, ref: self._release(host, ref, key, body, now)

    def vouched(self, employee: Employee, h: bytes) -> OidcEvidence:
        """Return the group provider's word for an employee."""
        return OidcEvidence(id_token=self._id_token(employee, h, int(time.time())))

    def _release(self, host: AuthorityName, ref: bytes, key: ECKey, body: bytes, now: int) -> bytes:
        origins = self.deployment.origins
        sid, jti = secrets.token_bytes(16), b64u(secrets.token_bytes(16))
        token = AccessToken(origins["gateway"], origins[host], ref, sid, thumbprint(key), "warifu-cli", now, now + LIFETIME)
        raw = token.encode(self.token_key, jti)
        proof = dpop.make(key, "POST", origins[host] + "/release", now, raw)
        headers = {"Authorization": f"DPoP {raw}", "DPoP": proof}
        return request_bytes("POST", "/release", origins[host].removeprefix("http://"), headers, body)

    def _id_token(self, employee: Employee, h: bytes, now: int) -> str:
        idp = self.deployment.group_idps[0]
        claims: dict[str, Any] = {
            "sub": b64u(secrets.token_bytes(32)),
            "nonce": b64u(h),
            "aud": idp.evidence_client,
            "exp": now + 3600,
            "iat": now,
            "iss": idp.issuer,
        }
        return sign("JWT", {**claims, idp.subject_claim: employee.work_id}, self.idp_key, kid=self.idp_kid)


def authority_keys(layout: Layout, host: AuthorityName) -> AuthorityKeys:
    """Return all keys of a local authority."""
    folder = layout.host(host).secrets
    return AuthorityKeys(host, keep_secret(folder / "root"), keep_secret(folder / "signing"))


async def _employees(bench: Bench, layout: Layout) -> list[Employee]:
    issuer = (await bench.deployment()).group_idps[0].issuer
    work_ids = population.work_ids(layout)
    refs: dict[str, dict[AuthorityName, bytes]] = {work_id: {} for work_id in work_ids}
    for host in AUTHORITIES:
        key = authority_keys(layout, host).verifier_key
        async with bench.owner(host) as connection:
            known = {row["hash"]: row["ref"] for row in await connection.fetch("SELECT hash, ref FROM verifier")}
        for work_id in work_ids:
            ref = known.get(OidcSubject(issuer, work_id).verifier(key))
            if ref is not None:
                refs[work_id][host] = ref
    found = [Employee(work_id, of) for work_id, of in refs.items() if len(of) == len(AUTHORITIES)]
    if not found:
        raise BenchError("nobody is enrolled at all three authorities")
    return found

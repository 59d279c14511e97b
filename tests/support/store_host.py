"""A pseudonymous host in this process on a real database, a registrar with an open window, and members with keys."""

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, get_args

import asyncpg
import httpx
from chassis.app import create_app
from chassis.clock import FixedClock
from chassis.config import DatabaseConfig
from chassis.seal import SealReport, seal
from chassis.service import Service
from fastapi import FastAPI
from joserfc.jwk import ECKey
from protocol import proof
from protocol.deployment import AuthorityPublic, Deployment, Officer, OfficerList, Portal
from protocol.encoding import b64u
from protocol.jose import generate_p256, thumbprint
from protocol.manifest import USES, Manifest, Purpose, SignedManifest
from protocol.messages.base import Message
from protocol.messages.mailbox import Attributes, Claim, Mailbox, OpenMailboxes
from protocol.names import AUTHORITIES, HOSTS, StoreName
from protocol.sealing import XWingPrivateKey
from protocol.signing import SigningKey
from protocol.subjects import SubjectList
from protocol.tokens import TokenSeed, claim_message
from pydantic import TypeAdapter
from support.postgres import DatabaseUrls, ThrowawayCluster
from support.serving import serving

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
ORIGINS = {host: f"http://localhost:81{at:02}" for at, host in enumerate(HOSTS, 1)}
OFFICERS = {"officer-a": SigningKey(bytes(31) + b"a"), "officer-b": SigningKey(bytes(31) + b"b")}
GATEWAY = SigningKey(bytes(31) + b"g")
"""Signs what the gateway says to stores of staff."""
NUMBER = bytes(1670)
_JSON = {"Content-Type": "application/json"}


@cache
def deployment() -> Deployment:
    """Return a deployment whose authorities are not there: stores never ask them."""
    nobody = AuthorityPublic(signing=bytes(32), voprf={}, unseal={})
    gateway = AuthorityPublic(signing=GATEWAY.public_bytes, voprf={}, unseal={})
    return Deployment(
        insurer="99999999",
        origins=ORIGINS,
        authorities={**dict.fromkeys(AUTHORITIES, nobody), "gateway": gateway},
        officers=OfficerList(number=1, officers=tuple(Officer(id=name, key=key.public_bytes) for name, key in OFFICERS.items())),
        insurer_key=_xwing().public_bytes,
        portal=Portal(origin="http://localhost:8106", rp_id="localhost"),
        staff_portal=Portal(origin="http://staff.localhost:8107", rp_id="staff.localhost"),
    )


@cache
def _xwing() -> XWingPrivateKey:
    return XWingPrivateKey(bytes(32))


@dataclass(frozen=True)
class Member:
    """One fictional member at one store."""

    seed: TokenSeed
    reader: ECKey = field(default_factory=generate_p256)

    @classmethod
    def new(cls, store: StoreName) -> "Member":
        return cls(TokenSeed(store, secrets.token_bytes(32)))

    @property
    def token(self) -> bytes:
        return self.seed.token

    def mailbox(self, **changes: Any) -> Mailbox:
        about = Attributes(sex="female", birth_year=1975, relation="insured", group="works-1")
        fields: dict[str, Any] = {
            "token": self.token,
            "claim_key": self.seed.claim_key.public_bytes,
            "mailbox_key": _xwing().public_bytes,
            "number": NUMBER,
            "attributes": about if self.seed.store == "anon-data" else None,
        }
        return Mailbox(**{**fields, **changes})

    def claim(self, reader: ECKey | None = None) -> Claim:
        message = claim_message(self.seed.store, self.token, thumbprint(reader or self.reader))
        return Claim(signature=self.seed.claim_key.sign(message))


@dataclass
class StoreHost:
    """The running host."""

    store: StoreName
    client: httpx.AsyncClient
    clock: FixedClock
    urls: DatabaseUrls
    service: Service[Any]
    app: FastAPI
    request_key: ECKey = field(default_factory=generate_p256)
    windows: dict[Purpose, bytes] = field(default_factory=dict)

    async def signed(  # in the order of the proof's own maker
        self, key: ECKey, subject: bytes, method: str, path: str, body: bytes = b"", lie: Mapping[str, Any] | None = None
    ) -> httpx.Response:
        """Send a request whose proof says what is true, or what ``lie`` says instead (method, url, body, now)."""
        said = {"method": method, "url": ORIGINS[self.store] + path, "body": body, "now": self.clock.timestamp(), **(lie or {})}
        made = proof.make(key, said["method"], said["url"], subject, said["body"], said["now"])
        return await self.client.request(method, path, content=body, headers={proof.HEADER: made, **_JSON})

    async def as_member(
        self, member: Member, method: str, path: str, message: Message | None = None, lie: Mapping[str, Any] | None = None
    ) -> httpx.Response:
        return await self.signed(member.reader, member.token, method, path, _dump(message), lie)

    async def as_registrar(self, purpose: Purpose, method: str, path: str, message: Message) -> httpx.Response:
        if purpose not in self.windows:
            self.windows[purpose] = await self.open_window(purpose, dict.fromkeys(USES[purpose]["pseudonymous"], 100_000))
        return await self.signed(self.request_key, self.windows[purpose], method, path, _dump(message))

    async def open_window(self, purpose: Purpose, quotas: dict[str, int], subjects: SubjectList | None = None) -> bytes:
        """Open a window and return its id; ``subjects`` for the purposes that list them."""
        now = self.clock.timestamp()
        manifest = Manifest(
            id=secrets.token_bytes(16),
            zone="pseudonymous",
            purpose=purpose,
            request_jkt=thumbprint(self.request_key),
            hpke=_xwing().public_bytes,
            origins=tuple(deployment().sorted_origins),
            quotas=quotas,
            officer_list=1,
            not_before=now,
            expires=now + 3600,
            **({"subjects": subjects.root, "subject_count": subjects.size} if subjects else {}),
        )
        signed = SignedManifest.draft(manifest)
        for name, key in OFFICERS.items():
            signed = signed.signed_by(name, key)
        body = {"manifest": b64u(signed.raw), "signatures": {name: b64u(value) for name, value in signed.signatures.items()}}
        answer = await self.client.post("/windows", json=body)
        assert answer.status_code == 201, answer.text
        return manifest.id

    async def decided(self, purpose: Purpose, *members: "Member", quota: int = 1000) -> SubjectList:
        """Let two officers list these members in a window of their own; return the list, for the proofs of rows."""
        subjects = SubjectList.make({self.store: [member.token for member in members]})
        self.windows[purpose] = await self.open_window(purpose, {purpose: quota}, subjects)
        return subjects

    async def enrol(self, members: Sequence[Member], *, claim: bool = True) -> None:
        """Open the members' mailboxes and, in the given order, claim them."""
        rows = tuple(sorted((member.mailbox() for member in members), key=lambda row: row.token))
        answer = await self.as_registrar("enrol", "POST", "/mailboxes", OpenMailboxes(rows=rows))
        assert answer.status_code == 200, answer.text
        for member in members if claim else ():
            answer = await self.as_member(member, "POST", "/claims", member.claim())
            assert answer.status_code == 201, answer.text

    async def member(self) -> Member:
        """Return a new member with a claimed mailbox."""
        member = Member.new(self.store)
        await self.enrol([member])
        return member

    async def seal(self) -> SealReport:
        return await seal(self.urls.owner_url, *self.service.sealing)

    async def rows(self, query: str, *arguments: object) -> list[asyncpg.Record]:
        """Ask the database as its owner."""
        connection = await asyncpg.connect(self.urls.owner_url)
        try:
            return await connection.fetch(query, *arguments)
        finally:
            await connection.close()

    @asynccontextmanager
    async def held(self, query: str, *arguments: object) -> AsyncIterator[None]:
        """Hold the locks that this query takes until the block ends, so that requests meet at a known place."""
        connection = await asyncpg.connect(self.urls.owner_url)
        try:
            async with connection.transaction():
                await connection.execute(query, *arguments)
                yield
        finally:
            await connection.close()

    async def waiting(self, count: int) -> None:
        """Wait until so many statements wait for a lock; only a superuser sees what another role waits for."""
        connection = await asyncpg.connect(self.urls.superuser_url)
        query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        try:
            async with asyncio.timeout(10):
                while await connection.fetchval(query) < count:
                    await asyncio.sleep(0.02)
        finally:
            await connection.close()


def _dump(message: Message | None) -> bytes:
    return b"" if message is None else message.model_dump_json().encode()


def problem(answer: httpx.Response) -> tuple[int, str]:
    """Return status and type of a refusal."""
    return answer.status_code, answer.json()["type"]


@asynccontextmanager
async def store_host(service: Service[Any], cluster: ThrowawayCluster, folder: Path) -> AsyncIterator[StoreHost]:
    """Serve the service on an empty database of its own."""
    assert service.name in get_args(StoreName)
    urls = cluster.database_of(service)
    (folder / "deployment.json").write_text(json.dumps(TypeAdapter(Deployment).dump_python(deployment(), mode="json")))
    _, runtime_file = urls.write(folder)
    config = service.config_kind.model_validate(
        {
            "host": service.name,
            "bind": "127.0.0.1:0",
            "deployment_file": folder / "deployment.json",
            "database": DatabaseConfig(url_file=runtime_file),
        }
    )
    clock = FixedClock(NOW)
    app = create_app(service, config, clock=clock)
    async with serving(app) as client:
        yield StoreHost(TypeAdapter(StoreName).validate_python(service.name), client, clock, urls, service, app)
    cluster.drop_database(urls)

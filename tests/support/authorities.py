"""One deployment for tests of the authorities: keys, officers, an issuer; hosts in this process, a registrar, members' devices.

Everybody here is fictional.
"""

import json
import os
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import asyncpg
import httpx
from chassis.app import Service, create_app
from chassis.clock import FixedClock
from chassis.config import load_config
from protocol import dpop, proof
from protocol.authority_keys import AuthorityKeys
from protocol.deployment import Deployment, GroupIdp, Officer, OfficerList, Portal
from protocol.jose import generate_p256, thumbprint
from protocol.manifest import USES, Manifest, Purpose, SignedManifest
from protocol.messages.base import Message
from protocol.messages.enrolment import Enrol, Enrolment
from protocol.messages.release import OidcEvidence, Release
from protocol.messages.verifiers import OidcVerifier
from protocol.messages.windows import OpenWindow
from protocol.names import AUTHORITIES, AuthorityName, zone_of
from protocol.release import Part, SealedPart
from protocol.sealing import XWingPrivateKey
from protocol.signing import SigningKey
from protocol.statement import RELEASE, Statement
from protocol.subjects import SubjectList, SubjectProof
from support.issuer import EVIDENCE_CLIENT, Issuer
from support.key_stores import FileStore, KeyStore
from support.postgres import DatabaseUrls, ThrowawayCluster
from support.serving import serving

START = datetime(2026, 5, 1, 9, 0, tzinfo=UTC)


class World:
    """A deployment whose gateway and group provider are the issuer."""

    def __init__(self, issuer: Issuer, clock: FixedClock, key_store: KeyStore | None = None, **deployment: Any) -> None:
        self.issuer = issuer
        self.clock = clock
        self.key_store = key_store or FileStore()
        self.officers = {name: SigningKey(os.urandom(32)) for name in ("officer-a", "officer-b", "officer-c")}
        listed = tuple(Officer(id=name, key=key.public_bytes) for name, key in self.officers.items() if name != "officer-c")
        self.deployment = Deployment(
            insurer="00000000",
            origins={
                "gateway": issuer.origin,
                "keyvault": "http://localhost:8102",
                "identity": "http://localhost:8103",
                "anon-data": "http://localhost:8104",
                "programs": "http://localhost:8105",
            },
            authorities={host: self.keys[host].public() for host in AUTHORITIES},
            group_idps=(GroupIdp(issuer=issuer.origin, evidence_client=EVIDENCE_CLIENT),),
            officers=OfficerList(number=1, officers=listed),
            insurer_key=XWingPrivateKey.generate().public_bytes,
            **{"portal": Portal(origin="http://localhost:8106", rp_id="localhost"), **deployment},
        )

    @property
    def keys(self) -> dict[AuthorityName, AuthorityKeys]:
        """The keys of all three, as they are now."""
        return {host: self.key_store.keys(host) for host in AUTHORITIES}

    @property
    def now(self) -> int:
        return self.clock.timestamp()


@dataclass
class Host:
    """One running authority."""

    world: World
    name: AuthorityName
    client: httpx.AsyncClient
    urls: DatabaseUrls
    app: Any

    @property
    def origin(self) -> str:
        return self.world.deployment.origins[self.name]


@asynccontextmanager
async def running(
    world: World, service: Service[Any], cluster: ThrowawayCluster, folder: Path, extra: str = "", *, empty: bool = True
) -> AsyncIterator[Host]:
    """Run a service of an authority on an empty database, or on what the last one left."""
    urls = await _database(service, cluster, empty=empty)
    config = load_config(write_config(world, service.name, urls, folder, extra), service.config_kind)
    app = create_app(service, config, clock=world.clock)
    async with serving(app) as client:
        yield Host(world, cast("AuthorityName", service.name), client, urls, app)


_databases: dict[tuple[str, int], DatabaseUrls] = {}


async def _database(service: Service[Any], cluster: ThrowawayCluster, *, empty: bool) -> DatabaseUrls:
    """Return the service's migrated database, with all its tables empty where asked: emptying takes a tenth of creating."""
    known = (service.name, cluster.port)
    if known not in _databases:
        _databases[known] = cluster.database_of(service)
    urls = _databases[known]
    if not empty:
        return urls
    connection = await asyncpg.connect(urls.owner_url)
    names = "SELECT string_agg(tablename, ', ') FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'schema_migration'"
    await connection.execute(f"TRUNCATE {await connection.fetchval(names)}; INSERT INTO once_mark (since) VALUES (0)")
    await connection.close()
    return urls


def write_config(world: World, name: str, urls: DatabaseUrls, folder: Path, extra: str = "") -> Path:
    """Write what a service of an authority needs to start; return its configuration's path."""
    _, runtime = urls.write(folder)
    (folder / "deployment.json").write_text(world.deployment.model_dump_json(), encoding="utf-8")
    config = world.key_store.config(cast("AuthorityName", name), folder).model_dump(mode="json", exclude_defaults=True)
    keys = "".join(f"{key} = {_toml(value)}\n" for key, value in config.items())
    path = folder / f"{name}.toml"
    path.write_text(
        f'host = "{name}"\nbind = "127.0.0.1:0"\ndeployment_file = "deployment.json"\n{extra}\n'
        f'[database]\nurl_file = "{runtime}"\n'
        f"[keys]\n{keys}",
        encoding="utf-8",
    )
    return path


def _toml(value: str | Mapping[str, str]) -> str:
    if isinstance(value, str):
        return json.dumps(value)
    return "{ " + ", ".join(f"{key} = {json.dumps(each)}" for key, each in value.items()) + " }"


@dataclass
class Registrar:
    """The insurer's workstation with one window at one host: by default 1,000 of every use that its purpose has there."""

    host: Host
    purpose: Purpose = "enrol"
    quotas: Mapping[str, int] | None = None
    signers: tuple[str, ...] = ("officer-a", "officer-b")
    changes: Mapping[str, Any] = field(default_factory=dict)
    subjects: Iterable[bytes] = ()
    """What this host knows the people by whom the window is about, for the purposes that list them."""

    def __post_init__(self) -> None:
        world = self.host.world
        self.key = generate_p256()
        self.hpke = XWingPrivateKey.generate()
        self.window = os.urandom(16)
        self.listed = SubjectList.make({self.host.name: ids}) if (ids := list(self.subjects)) else None
        zone = zone_of(self.host.name)
        facts: dict[str, Any] = {
            "id": self.window,
            "zone": zone,
            "purpose": self.purpose,
            "request_jkt": thumbprint(self.key),
            "hpke": self.hpke.public_bytes,
            "origins": tuple(world.deployment.sorted_origins),
            "quotas": dict.fromkeys(USES[self.purpose][zone], 1000) if self.quotas is None else dict(self.quotas),
            "officer_list": world.deployment.officers.number,
            "not_before": world.now - 60,
            "expires": world.now + 3600,
            **({"subjects": self.listed.root, "subject_count": self.listed.size} if self.listed else {}),
        }
        self.signed = SignedManifest.draft(Manifest.model_construct(**{**facts, **self.changes}))
        for officer in self.signers:
            self.signed = self.signed.signed_by(officer, world.officers[officer])

    async def open(self) -> httpx.Response:
        """Open the window."""
        body = OpenWindow(manifest=self.signed.raw, signatures=self.signed.signatures)
        return await self.host.client.post("/windows", content=body.model_dump_json(), headers=JSON)

    async def opened(self) -> "Registrar":
        """Open the window and return this registrar."""
        answer = await self.open()
        assert answer.status_code == 201, answer.text
        return self

    def subject(self, subject: bytes) -> SubjectProof:
        """Return the proof that this host's window is about somebody."""
        assert self.listed is not None
        return self.listed.proof(self.host.name, subject)

    def proof(self, path: str, body: bytes, method: str = "POST", **changes: Any) -> str:
        """Return the signature of one call."""
        facts: dict[str, Any] = {"key": self.key, "subject": self.window, "now": self.host.world.now}
        facts = {**facts, "url": self.host.origin + path, **changes}
        return proof.make(facts["key"], method, facts["url"], facts["subject"], body, facts["now"])

    async def post(self, path: str, message: Message, **changes: Any) -> httpx.Response:
        """Make a signed call."""
        body = message.model_dump_json(exclude_none=True).encode()
        return await self.host.client.post(path, content=body, headers={**JSON, proof.HEADER: self.proof(path, body, **changes)})

    async def enrol(self, *members: "Member") -> httpx.Response:
        """Enrol members."""
        return await self.post(
            "/enrolments", Enrol(rows=tuple(member.row() for member in sorted(members, key=lambda one: one.ref)))
        )


JSON = {"Content-Type": "application/json"}


@dataclass
class Member:
    """Somebody fictional, as one authority refers to them."""

    host: Host
    subject: str = "fictional-employee-1"
    ref: bytes = field(default_factory=lambda: os.urandom(16))
    verifier_id: bytes = field(default_factory=lambda: os.urandom(16))

    def row(self) -> Enrolment:
        """Return the row of an enrolment."""
        return Enrolment(
            ref=self.ref, verifiers=(OidcVerifier(id=self.verifier_id, issuer=self.host.world.issuer.origin, value=self.subject),)
        )

    def device(self) -> "Device":
        """Return a device with a session of its own."""
        return Device(self)


class Device:
    """A member's device in one session."""

    def __init__(self, member: Member) -> None:
        self.member = member
        self.host = member.host
        self.world = member.host.world
        self.key = generate_p256()
        self.jkt = thumbprint(self.key)
        self.hpke = XWingPrivateKey.generate()
        self.sid = os.urandom(16)

    def token(self, **changes: Any) -> str:
        """Return an access token for this host."""
        facts = {"audience": self.host.origin, "ref": self.member.ref, "sid": self.sid, "jkt": self.jkt, **changes}
        return self.world.issuer.access_token(**facts)

    def headers(self, method: str, path: str, /, token: str | None = None, **changes: Any) -> dict[str, str]:
        """Return the headers of one call."""
        token = token or self.token()
        facts = {"key": self.key, "method": method, "url": self.host.origin + path, "now": self.world.now, "access_token": token}
        return {**JSON, "Authorization": f"DPoP {token}", "DPoP": dpop.make(**{**facts, **changes})}

    async def call(self, method: str, path: str, message: Message | None = None, **changes: Any) -> httpx.Response:
        """Make one call."""
        content = message.model_dump_json() if message else None
        return await self.host.client.request(method, path, content=content, headers=self.headers(method, path, **changes))

    def statement(self, **changes: Any) -> Statement:
        """Return a fresh statement."""
        facts = {
            "purpose": RELEASE,
            "origins": self.world.deployment.sorted_origins,
            "now": self.world.now,
            "jkt": self.jkt,
            "hpke_public": self.hpke.public_bytes,
        }
        return Statement.make(**{**facts, **changes})

    def request(self, statement: Statement | None = None, **id_token: Any) -> Release:
        """Return the body of a release; further arguments change claims of the ID token."""
        statement = statement or self.statement()
        token = self.world.issuer.id_token(statement.h, **{"subject": self.member.subject, **id_token})
        return Release(statement=statement.raw, evidence=OidcEvidence(id_token=token), hpke=self.hpke.public_bytes)

    async def release(self, request: Release | None = None, **changes: Any) -> httpx.Response:
        """Ask for a release."""
        return await self.call("POST", "/release", request or self.request(), **changes)

    def open(self, answer: httpx.Response) -> tuple[SealedPart, Part]:
        """Open a released part."""
        assert answer.status_code == 200, answer.text
        sealed = SealedPart.model_validate(answer.json())
        return sealed, sealed.open(self.hpke, self.jkt, self.world.keys[self.host.name].signing.public_bytes)


def problem(answer: httpx.Response) -> tuple[int, str]:
    """Return status and type of a refusal, after checking that it is a problem document which echoes nothing that was sent."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    sent = [*answer.request.headers.values(), *_texts(answer.request.content)]
    assert [value for value in sent if len(value) > 20 and value in answer.text] == []
    return answer.status_code, answer.json()["type"]


def _texts(content: bytes) -> list[str]:
    try:
        pending = [json.loads(content)]
    except ValueError:
        return []
    found = []
    while pending:
        value = pending.pop()
        if isinstance(value, dict):
            pending.extend(value.values())
        elif isinstance(value, list):
            pending.extend(value)
        elif isinstance(value, str):
            found.append(value)
    return found

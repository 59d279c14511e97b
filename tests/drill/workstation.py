"""The insurer's workstation as the drill needs it: windows that two officers signed, and calls in them."""

import os
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import httpx
from joserfc.jwk import ECKey
from local.layout import Layout
from protocol import proof
from protocol.deployment import Deployment
from protocol.jose import generate_p256, thumbprint
from protocol.manifest import USES, Manifest, Purpose, SignedManifest
from protocol.messages.base import BATCH_ROWS, Message
from protocol.messages.windows import OpenWindow
from protocol.names import HostName, Zone, zone_of
from protocol.sealing import XWingPrivateKey
from protocol.subjects import SubjectList, SubjectProof
from registrar.officers import Officer, load_officers

_MANY = 100_000


@dataclass(frozen=True)
class Sent:
    """A call as the network saw it."""

    host: HostName
    path: str
    body: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Window:
    """A window of one zone, with the keys that only the workstation has."""

    id: bytes
    signed: SignedManifest
    key: ECKey = field(repr=False)
    hpke: XWingPrivateKey = field(repr=False)
    subjects: SubjectList | None
    sent: list[Sent] = field(default_factory=list)
    """Every call that was made in it with its own key."""

    @property
    def opening(self) -> OpenWindow:
        """What every host of the zone is sent."""
        return OpenWindow(manifest=self.signed.raw, signatures=self.signed.signatures)

    def proof(self, host: HostName, subject: bytes) -> SubjectProof:
        """Return the proof that the window is about somebody."""
        assert self.subjects is not None
        return self.subjects.proof(host, subject)


class Workstation:
    """Opens windows with both officers' keys."""

    def __init__(self, layout: Layout, deployment: Deployment, http: httpx.AsyncClient) -> None:
        self._deployment = deployment
        self._http = http
        self._officers: list[Officer] = load_officers(sorted(layout.officers.glob("*.key")), deployment.officers)

    async def open(
        self,
        purpose: Purpose,
        hosts: Iterable[HostName],
        *,
        subjects: Mapping[HostName, Iterable[bytes]] | None = None,
        quotas: Mapping[str, int] | None = None,
        seconds: int = 3600,
    ) -> Window:
        """Open a window at hosts of one zone; by default its quotas allow more than a drill needs."""
        hosts = list(hosts)
        window = self._signed(zone_of(hosts[0]), purpose, subjects, quotas, seconds)
        for host in hosts:
            (await self.opened(host, window.opening)).raise_for_status()
        return window

    async def call(
        self, window: Window, host: HostName, path: str, message: Message | None = None, *, key: ECKey | None = None
    ) -> httpx.Response:
        """Make a call in a window, signed with its key or another one."""
        url = self._deployment.origins[host] + path
        body = encoded(message) if message else b""
        signature = proof.make(key or window.key, "POST", url, window.id, body, int(time.time()))
        sent = Sent(host, path, body, {**JSON, proof.HEADER: signature})
        if key is None:
            window.sent.append(sent)
        return await self.again(sent)

    async def again(self, sent: Sent, host: HostName | None = None) -> httpx.Response:
        """Send what the network saw, to the same host or another one."""
        url = self._deployment.origins[host or sent.host] + sent.path
        return await self._http.post(url, content=sent.body, headers=sent.headers)

    async def opened(self, host: HostName, opening: OpenWindow) -> httpx.Response:
        """Show a manifest to a host."""
        return await self._http.post(self._deployment.origins[host] + "/windows", content=encoded(opening), headers=JSON)

    def _signed(
        self,
        zone: Zone,
        purpose: Purpose,
        subjects: Mapping[HostName, Iterable[bytes]] | None,
        quotas: Mapping[str, int] | None,
        seconds: int,
    ) -> Window:
        key, hpke, window_id, now = generate_p256(), XWingPrivateKey.generate(), os.urandom(16), int(time.time())
        listed = SubjectList.make(subjects) if subjects else None
        manifest = Manifest(
            id=window_id,
            zone=zone,
            purpose=purpose,
            request_jkt=thumbprint(key),
            hpke=hpke.public_bytes,
            origins=tuple(self._deployment.sorted_origins),
            quotas=dict.fromkeys(USES[purpose][zone], _MANY) if quotas is None else dict(quotas),
            officer_list=self._deployment.officers.number,
            not_before=now - 5,
            expires=now + seconds,
            subjects=listed.root if listed else None,
            subject_count=listed.size if listed else None,
        )
        signed = SignedManifest.draft(manifest)
        for officer in self._officers:
            signed = signed.signed_by(officer.id, officer.key)
        return Window(window_id, signed, key, hpke, listed)


JSON = {"Content-Type": "application/json"}
AT_A_TIME = BATCH_ROWS


def encoded(message: Message) -> bytes:
    """Return a body's bytes, as they are signed and sent."""
    return message.model_dump_json(exclude_none=True).encode()

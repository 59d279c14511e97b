"""What the insurer tells the gateway of a member over the years, in windows of two officers."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
from protocol import proof
from protocol.jose import generate_p256, thumbprint
from protocol.manifest import Manifest, Purpose, SignedManifest
from protocol.messages.base import Message
from protocol.messages.life_events import Access, Erase, Erasure, Recover, Recovery, SetAccess
from protocol.messages.windows import OpenWindow
from protocol.sealing import XWingPrivateKey
from protocol.subjects import SubjectList
from rooms.gateway.house import OFFICERS, House, Member

_JSON = {"Content-Type": "application/json"}


@dataclass
class Insurer:
    """The insurer's workstation, with a window for each call."""

    house: House
    members: Sequence[Member]
    listed: SubjectList = field(init=False)

    def __post_init__(self) -> None:
        self.listed = SubjectList.make({"gateway": [member.gateway for member in self.members]})

    async def access_ends(self, member: Member) -> httpx.Response:
        """Say that nothing is released to a member any more."""
        row = Access(
            ref=member.gateway,
            subject=self.listed.proof("gateway", member.gateway),
            ends=self.house.clock.timestamp(),
        )
        return await self._post("suspend", "/access", SetAccess(rows=(row,)))

    async def work_account_ends(self, member: Member) -> httpx.Response:
        """Say that a member has no work account any more."""
        now = self.house.clock.timestamp()
        row = Access(ref=member.gateway, subject=self.listed.proof("gateway", member.gateway), work_account_ends=now)
        return await self._post("suspend", "/access", SetAccess(rows=(row,)))

    async def recover(self, member: Member, work_id: Member, **facts: Any) -> httpx.Response:
        """Give a member another work id, which counts a day later."""
        verifier = self.house.work_id(work_id, **facts)
        row = Recovery(ref=member.gateway, subject=self.listed.proof("gateway", member.gateway), verifiers=(verifier,))
        return await self._post("recover", "/recoveries", Recover(rows=(row,)))

    async def erase(self, member: Member) -> httpx.Response:
        """Forget a member."""
        row = Erasure(ref=member.gateway, subject=self.listed.proof("gateway", member.gateway))
        return await self._post("erase", "/erasures", Erase(rows=(row,)))

    async def _post(self, purpose: Purpose, path: str, message: Message) -> httpx.Response:
        key, now = generate_p256(), self.house.clock.timestamp()
        manifest = Manifest(
            id=secrets.token_bytes(16),
            zone="named",
            purpose=purpose,
            request_jkt=thumbprint(key),
            hpke=XWingPrivateKey(bytes(32)).public_bytes,
            origins=tuple(self.house.deployment.sorted_origins),
            quotas={purpose: 10},
            officer_list=1,
            not_before=now - 10,
            expires=now + 600,
            subjects=self.listed.root,
            subject_count=self.listed.size,
        )
        signed = SignedManifest.draft(manifest)
        for name, officer in OFFICERS.items():
            signed = signed.signed_by(name, officer)
        window = OpenWindow(manifest=signed.raw, signatures=signed.signatures)
        assert (await self.house.client.post("/windows", content=window.model_dump_json(), headers=_JSON)).status_code == 201
        body = message.model_dump_json(exclude_none=True).encode()
        made = proof.make(key, "POST", self.house.origin("gateway") + path, manifest.id, body, now)
        answer = await self.house.client.post(path, content=body, headers={**_JSON, proof.HEADER: made})
        assert answer.status_code < 300, answer.text
        return answer

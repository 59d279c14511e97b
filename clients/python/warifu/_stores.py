"""Calls to the two stores: signed by that store's reader key, without any token of the gateway."""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from datetime import date
from functools import partial
from types import MappingProxyType
from typing import Literal
from urllib.parse import urlencode

import httpx
from protocol import proof
from protocol.bundle import Bundle
from protocol.jose import p256_from_scalar, thumbprint
from protocol.messages.mailbox import Claim, MailboxState, RenewReader
from protocol.names import StoreName
from protocol.tokens import TokenSeed, claim_message
from pydantic import BaseModel

from ._wire import Wire, dump, parse
from .errors import HostRefused, HostUnavailable, KeyMaterialRefused

Outcome = Literal["held", "another", "absent"]
"""What became of a claim: the mailbox is this key's, another key's, or not there."""


class Store:
    """One member's mailbox at one store."""

    def __init__(self, wire: Wire, store: StoreName, seed: TokenSeed, scalar: bytes) -> None:
        self._wire = wire
        self.name = store
        self.seed = seed
        self._key = p256_from_scalar(scalar)

    @classmethod
    def of(cls, wire: Wire, bundle: Bundle, store: StoreName) -> "Store":
        """Return the mailbox that a bundle opens, with its newest reader key."""
        return cls(wire, store, bundle.seed(store), bundle.readers[store][0])

    async def claim(self) -> Outcome:
        """Claim the mailbox for this reader key; for the key that has it nothing changes.

        ``absent`` means that the store has no such mailbox yet, or keeps it closed: a later login repeats the claim.
        """
        signature = self.seed.claim_key.sign(claim_message(self.name, self.seed.token, thumbprint(self._key)))
        try:
            await self.call("POST", "/claims", message=Claim(signature=signature))
        except HostRefused as error:
            if error.type in {"mailbox-unknown", "mailbox-suspended"}:
                return "absent"
            if error.type == "claimed-by-another":
                return "another"
            if error.type == "claim-refused":
                raise KeyMaterialRefused(self.name, "the mailbox answers to another key") from error
            raise
        return "held"

    async def name_next(self, new: "Store") -> bool:
        """Let ``new``, the same mailbox with another key, read from its first use on; ``False`` where this key reads nothing."""
        path = "/me/reader-key"
        try:
            await self.call("PUT", path, message=RenewReader(possession=new.proof("PUT", path, b"")))
        except HostRefused as error:
            if error.type in {"reader-unknown", "mailbox-suspended"}:
                return False
            if error.type == "renewal-differs":
                raise KeyMaterialRefused(self.name, "another reader key waits") from error
            raise
        return True

    async def recovery(self) -> date | None:
        """Return from which day on the mailbox may be claimed by another key, if the insurer asked for that.

        ``None`` also where the store cannot say now: the next login asks again.
        """
        try:
            return parse(self.name, MailboxState, await self.call("GET", "/me/mailbox")).recovery
        except HostUnavailable:
            return None
        except HostRefused as error:
            # Another device has changed the keys since, or the insurer has just closed the mailbox.
            if error.type in {"reader-unknown", "mailbox-suspended"}:
                return None
            raise

    async def call(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, date] | None = None,
        message: BaseModel | None = None,
        more: Mapping[str, str] = MappingProxyType({}),
    ) -> httpx.Response:
        """Send one signed request; ``more`` are headers beside the proof."""
        if query:
            path += "?" + urlencode({name: day.isoformat() for name, day in query.items()})
        body = dump(message) if message else b""
        headers = partial(self._headers, method, path, body, more)
        return await self._wire.send(self.name, method, path, headers=headers, body=body)

    def stream(self, path: str, more: Mapping[str, str], patience_s: float) -> AbstractAsyncContextManager[httpx.Response]:
        """Open an answer that goes on."""
        return self._wire.stream(self.name, path, self._headers("GET", path, b"", more), patience_s)

    async def pause(self, seconds: float) -> None:
        """Wait before something is asked for again."""
        await self._wire.pause(seconds)

    def proof(self, method: str, path: str, body: bytes) -> str:
        """Return the reader key's proof of one request, which says that somebody holds it."""
        return proof.make(self._key, method, self._wire.url(self.name, path), self.seed.token, body, self._wire.clock())

    def _headers(self, method: str, path: str, body: bytes, more: Mapping[str, str]) -> Mapping[str, str]:
        return {**more, proof.HEADER: self.proof(method, path, body)}

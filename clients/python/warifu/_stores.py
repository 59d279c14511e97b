"""Calls to the two stores: signed by that store's reader key, without any token of the gateway."""

from collections.abc import Mapping
from datetime import date
from urllib.parse import urlencode

import httpx
from protocol import proof
from protocol.bundle import Bundle
from protocol.derive import hkdf
from protocol.encoding import lp
from protocol.jose import p256_from_scalar, thumbprint
from protocol.messages.mailbox import Claim
from protocol.names import StoreName
from protocol.tokens import TokenSeed, claim_message
from pydantic import BaseModel

from ._wire import Wire, dump
from .errors import HostRefused, HostUnavailable, KeyMaterialRefused


class Store:
    """One member's mailbox at one store."""

    def __init__(self, wire: Wire, store: StoreName, seed: TokenSeed, scalar: bytes) -> None:
        self._wire = wire
        self.name = store
        self.seed = seed
        self._scalar = scalar
        self._key = p256_from_scalar(scalar)

    @classmethod
    def of(cls, wire: Wire, bundle: Bundle, store: StoreName) -> "Store":
        """Return the mailbox that a bundle opens, with its newest reader key."""
        return cls(wire, store, bundle.seed(store), bundle.readers[store][0])

    def derived(self, name: str) -> bytes:
        """Return 32 bytes for this member at this store alone, the same in every session, on every device, of one reader key."""
        return hkdf(self._scalar, lp("device", self.name, name))

    async def claim(self) -> bool:
        """Claim the mailbox for the bundle's reader key; the same key again changes nothing.

        ``False`` means that the store is down or has no such mailbox yet: a later login repeats the claim. Another key in
        the mailbox is an alarm.
        """
        signature = self.seed.claim_key.sign(claim_message(self.name, self.seed.token, thumbprint(self._key)))
        try:
            await self.call("POST", "/claims", message=Claim(signature=signature))
        except HostUnavailable:
            return False
        except HostRefused as error:
            if error.type == "mailbox-unknown":
                return False
            if error.type in {"claimed-by-another", "claim-refused"}:
                raise KeyMaterialRefused(self.name, "the mailbox answers to another key") from error
            raise
        return True

    async def call(
        self, method: str, path: str, *, query: Mapping[str, date] | None = None, message: BaseModel | None = None
    ) -> httpx.Response:
        """Send one signed request."""
        if query:
            path += "?" + urlencode({name: day.isoformat() for name, day in query.items()})
        body = dump(message) if message else b""
        url = self._wire.url(self.name, path)

        def headers() -> Mapping[str, str]:
            return {proof.HEADER: proof.make(self._key, method, url, self.seed.token, body, self._wire.clock())}

        return await self._wire.send(self.name, method, path, headers=headers, body=body)

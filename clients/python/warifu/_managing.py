"""The part of a session that manages the member's ways to sign in."""

import asyncio
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from protocol.code import PinError
from protocol.encoding import EncodingError
from protocol.labels import MOST_BYTES, seal_label
from protocol.messages.verifiers import Addition, Cancellation, CardVerifier, PasskeyVerifier, Removal
from protocol.names import AUTHORITIES, AuthorityName

from . import _verifiers
from ._lifetime import Lifetime
from ._verifiers import WayIn
from .authenticators import Authenticator
from .cards import Card
from .errors import InputRefused, SignInFailed
from .ways import Way


@dataclass(frozen=True)
class AddedWay:
    """A way to sign in that all three authorities store from now on."""

    id: bytes
    """16 bytes."""
    confirmed: bool
    """Whether all three know that the others do; else the next sign-in tells them, and letters are used up only then."""


class ManagesWays(Lifetime):
    """A session in which a member lists, adds and removes ways to sign in.

    ``proving`` is a way that the member has already: each change is proved anew, so that whoever finds an open session cannot
    lock the member out. A change that failed because a host was down may be repeated.
    """

    async def ways(self) -> tuple[WayIn, ...]:
        """Return all ways to sign in that the three authorities keep, recoveries that wait among them."""
        opened = self._keys()
        return await _verifiers.listed(opened.authorities, opened.settled.held.mailbox_seed)

    async def add_passkey(self, authenticator: Authenticator, proving: Way, label: str) -> AddedWay:
        """Make a passkey and store it at all three; ``label`` is read by the member's devices alone."""
        portal = self._wire.deployment.portal
        if portal is None:
            raise SignInFailed("this deployment has no portal, and so no passkeys")
        verifier_id, sealed = self._named(label)
        # A handle of its own for each credential: an authenticator replaces what it has under the same one (section 5.4.3).
        challenge, handle = secrets.token_bytes(32), secrets.token_bytes(32)
        made = await authenticator.create(portal.rp_id, portal.origin, challenge=challenge, user_handle=handle, name=label)
        verifier = PasskeyVerifier(credential_id=made.id, public_key=made.public_key)
        addition = Addition(id=verifier_id, verifier=verifier, label=sealed)
        return await self._add(dict.fromkeys(AUTHORITIES, addition), proving)

    async def add_card(self, card: Card, pin: str, proving: Way, label: str) -> AddedWay:
        """Make a card with its PIN, of at least 6 characters, a way to sign in.

        Give the member the card before: once the card is confirmed the letter that signed in is used up, so a card that nobody
        has seen would lock them out.
        """
        verifier_id, sealed = self._named(label)
        keys = await asyncio.to_thread(_card_keys, card, pin)
        additions = {host: Addition(id=verifier_id, verifier=keys[host], label=sealed) for host in AUTHORITIES}
        return await self._add(additions, proving)

    async def remove_way(self, way_id: bytes, proving: Way) -> None:
        """Remove a way to sign in; the last one that remains is refused (``last-verifier``)."""
        await self._change(Removal(id=way_id), proving)

    async def cancel_recovery(self, way_id: bytes, proving: Way) -> None:
        """Cancel a recovery before it takes effect."""
        await self._change(Cancellation(id=way_id), proving)
        self.recoveries = tuple(one for one in self.recoveries if one.id != way_id)

    def _named(self, label: str) -> tuple[bytes, bytes]:
        """Return a new id and the label sealed for it."""
        verifier_id = secrets.token_bytes(16)
        try:
            return verifier_id, seal_label(label, self._keys().settled.held.mailbox_seed, verifier_id)
        except (EncodingError, UnicodeEncodeError):
            raise InputRefused("label", f"a name is text of at most {MOST_BYTES} bytes in UTF-8") from None

    async def _add(self, additions: Mapping[AuthorityName, Addition], proving: Way) -> AddedWay:
        confirmed = await _verifiers.add(self._wire, self._keys().authorities, additions, proving)
        return AddedWay(additions["gateway"].id, confirmed)

    async def _change(self, change: Removal | Cancellation, proving: Way) -> None:
        await _verifiers.change(self._wire, self._keys().authorities, dict.fromkeys(AUTHORITIES, change), proving)


def _card_keys(card: Card, pin: str) -> dict[AuthorityName, CardVerifier]:
    try:
        keys = {host: card.code.keys(host, pin) for host in AUTHORITIES}
    except PinError as error:
        raise InputRefused("pin", str(error)) from None
    return {host: CardVerifier(handle=found.handle, public_key=found.public_bytes) for host, found in keys.items()}

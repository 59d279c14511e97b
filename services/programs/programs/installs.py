"""The right of an installation: its key writes steps in the background, reads nothing, and is the one key that survives log-off."""

from dataclasses import dataclass
from typing import Annotated

from chassis.database import Transaction
from chassis.once import Once
from fastapi import Depends, Request
from mailboxes.deps import Signed
from mailboxes.readers import Token
from mailboxes.store import reader_keys
from mailboxes.store.admission import Signed as Attempt
from protocol.encoding import sha256
from protocol.proof import Proof

from programs.errors import InstallUnknown
from programs.store import install_keys


@dataclass(frozen=True)
class Install:
    """Whoever signed this request; the use case admits it inside its transaction."""

    proof: Proof
    once: Once

    async def for_writing(self, tx: Transaction, install: bytes) -> Token:
        """Return the token for which this installation's key may write; until the transaction ends no other request writes for it.

        Raises InstallUnknown for other keys, revoked ones, suspended mailboxes and repeated proofs alike: a key that reads nothing
        is told nothing.
        """
        made = self.proof
        await reader_keys.hold(tx, made.subject)
        identifier = sha256(made.jkt, made.jti.encode())
        attempt = Attempt(made.subject, made.jkt, identifier, made.iat, self.once.slot(made.iat))
        if not await install_keys.admit(tx, attempt, install):
            raise InstallUnknown
        return Token(made.subject)


async def _install(request: Request, signed: Signed) -> Install:
    return Install(signed, request.app.state.once)


Installed = Annotated[Install, Depends(_install)]
"""An installation's key signed this request."""

"""The member's right at a store: a proof by the mailbox's reader key.

A verified proof says which key signed the request; only a look-up says which mailbox that key reads. So a route is given a
`Reader`, and the use case turns it into a `Token` inside the transaction that reads or writes. Stores take no other tokens,
but for a statement that is `admitting` itself, so that the most frequent requests need one round trip only.
"""

from dataclasses import dataclass
from typing import NewType

from chassis.database import Transaction
from chassis.once import Once
from protocol.encoding import sha256
from protocol.proof import Proof
from windows.errors import Replayed

from mailboxes.errors import MailboxSuspended, ReaderUnknown
from mailboxes.store import admission
from mailboxes.store.admission import Signed

Token = NewType("Token", bytes)
"""A token whose reader key signed the running request."""


@dataclass(frozen=True)
class Reader:
    """Whoever signed this request, not yet admitted to anything."""

    proof: Proof
    once: Once

    @property
    def signed(self) -> Signed:
        """What a statement that is `admitting` looks up and remembers."""
        made = self.proof
        return Signed(made.subject, made.jkt, _identifier(made), made.iat, self.once.slot(made.iat))

    @property
    def admitted(self) -> Token:
        """The token, for a use case whose own statement has admitted this request."""
        return Token(self.proof.subject)

    async def for_reading(self, tx: Transaction) -> Token:
        """Return the token to read for; raises ReaderUnknown, MailboxSuspended or Replayed.

        Needs no transaction around it: a proof is remembered for good also where the reading fails afterwards.
        """
        if await admission.admit(tx, self.signed):
            return self.admitted
        return await self.otherwise(tx)

    async def for_writing(self, tx: Transaction) -> Token:
        """Return the token to write for; until the transaction ends no other request writes for it."""
        if await admission.admit_to_write(tx, self.signed):
            return self.admitted
        return await self.otherwise(tx)

    async def otherwise(self, tx: Transaction) -> Token:
        """Do as `for_reading` for a request that was not simply admitted: the first use of a renewed key, or a refusal."""
        standing = await admission.standing(tx, self.signed)
        if standing is None:
            raise ReaderUnknown
        if standing.suspended:
            raise MailboxSuspended
        if not (standing.waiting and await admission.first_use(tx, self.signed)):
            # Seen before; unless another request was just faster with the first use.
            await spend(self.once, tx, self.proof)
        return self.admitted


async def spend(once: Once, tx: Transaction, proof: Proof) -> None:
    """Raise Replayed unless this proof comes for the first time."""
    if not await once.first_within(tx, _identifier(proof), proof.iat):
        raise Replayed


def _identifier(proof: Proof) -> bytes:
    return sha256(proof.jkt, proof.jti.encode())

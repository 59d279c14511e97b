"""The member's right at a store: a proof by the mailbox's reader key.

A verified proof says which key signed the request; only a look-up says which mailbox that key reads. So a route is given a
`Reader`, and the use case turns it into a `Token` inside the transaction that reads or writes. Stores take no other tokens,
but for the one statement that joins ``reader_key`` itself, so that the most frequent request needs one round trip less.
"""

from dataclasses import dataclass
from typing import NewType

from chassis.database import Transaction
from chassis.once import Once
from protocol.encoding import sha256
from protocol.proof import Proof
from windows.errors import Replayed

from mailboxes.errors import ReaderUnknown
from mailboxes.store import reader_keys

Token = NewType("Token", bytes)
"""A token whose reader key signed the running request."""


@dataclass(frozen=True)
class Reader:
    """Whoever signed this request, not yet admitted to anything."""

    proof: Proof
    once: Once

    async def for_reading(self, tx: Transaction) -> Token:
        """Return the token to read for; raises ReaderUnknown or Replayed.

        Needs no transaction around it: a proof is remembered for good also where the reading fails afterwards.
        """
        return await self.admitted(tx, await reader_keys.reads(tx, self.proof.subject, self.proof.jkt))

    async def for_writing(self, tx: Transaction) -> Token:
        """Return the token to write for; until the transaction ends no other request writes for it."""
        return await self.admitted(tx, await reader_keys.writes(tx, self.proof.subject, self.proof.jkt))

    async def admitted(self, tx: Transaction, known: bool) -> Token:
        """Do as `for_reading`, where a store's own statement has looked up in ``reader_key`` whether the key is ``known``."""
        if not known:
            raise ReaderUnknown
        await spend(self.once, tx, self.proof)
        return Token(self.proof.subject)


async def spend(once: Once, tx: Transaction, proof: Proof) -> None:
    """Raise Replayed unless this proof comes for the first time."""
    if not await once.first_within(tx, sha256(proof.jkt, proof.jti.encode()), proof.iat):
        raise Replayed

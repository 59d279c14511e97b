"""A device hands a mailbox to its reader key, at the first login."""

from chassis.database import Database
from chassis.once import Once
from protocol.names import StoreName
from protocol.proof import Proof
from protocol.signing import SignatureRefused
from protocol.tokens import verify_claim

from mailboxes.errors import ClaimedByAnother, ClaimRefused, MailboxUnknown
from mailboxes.readers import spend
from mailboxes.store import reader_keys


async def claim_mailbox(db: Database, once: Once, store: StoreName, proof: Proof, signature: bytes) -> bool:
    """Give the mailbox to the key that signed the request; False when that key had it already."""
    async with db.transaction("claim-mailbox") as tx:
        found = await reader_keys.claimable(tx, proof.subject)
        if found is None:
            raise MailboxUnknown
        try:
            verify_claim(found.claim_key, signature, store, proof.subject, proof.jkt)
        except SignatureRefused as error:
            raise ClaimRefused from error
        await spend(once, tx, proof)
        if found.reader_jkt is None and await reader_keys.give(tx, proof.subject, proof.jkt):
            return True
        if not await reader_keys.reads(tx, proof.subject, proof.jkt):
            raise ClaimedByAnother
    return False

"""A device hands a mailbox to its reader key, at the first login or when a recovery is open."""

from datetime import date

from chassis.database import Database, Transaction
from chassis.once import Once
from protocol.names import StoreName
from protocol.proof import Proof
from protocol.signing import SignatureRefused
from protocol.tokens import verify_claim

from mailboxes.errors import ClaimedByAnother, ClaimRefused, MailboxSuspended, MailboxUnknown
from mailboxes.readers import spend
from mailboxes.reopening import is_open
from mailboxes.store import reader_keys, recoveries
from mailboxes.store.reader_keys import Claimable


async def claim_mailbox(db: Database, once: Once, store: StoreName, proof: Proof, signature: bytes, today: date) -> bool:
    """Give the mailbox to the key that signed the request; False when that key had it already."""
    token, jkt = proof.subject, proof.jkt
    async with db.transaction("claim-mailbox") as tx:
        await reader_keys.hold(tx, token)
        found = await reader_keys.claimable(tx, token)
        if found is None:
            raise MailboxUnknown
        try:
            verify_claim(found.claim_key, signature, store, token, jkt)
        except SignatureRefused as error:
            raise ClaimRefused from error
        if found.suspended:
            raise MailboxSuspended
        await spend(once, tx, proof)
        return await _claimed(tx, found, token, jkt, today)


async def _claimed(tx: Transaction, found: Claimable, token: bytes, jkt: bytes, today: date) -> bool:
    keys = found.keys
    if keys is None:
        await reader_keys.give(tx, token, jkt)
    elif jkt == keys.jkt:
        return False
    elif jkt == keys.next_jkt:
        # The claim is this key's first use.
        await reader_keys.replace(tx, token, jkt)
        return False
    elif is_open(found.opens, today):
        await reader_keys.replace(tx, token, jkt)
    else:
        raise ClaimedByAnother
    await recoveries.forget(tx, token)
    return True

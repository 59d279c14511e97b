"""A device names the reader key that will read from its first use on."""

from chassis.database import Database
from protocol import proof
from protocol.jose import TokenRefused
from protocol.messages.mailbox import RenewReader

from mailboxes.errors import RenewalDiffers, RenewalRefused
from mailboxes.readers import Reader
from mailboxes.store import reader_keys


async def renew_reader(db: Database, reader: Reader, request: RenewReader, url: str, now: int) -> bool:
    """Let the new key be accepted beside the one that signed the request; False when it was before.

    A second new key is refused while the first waits, never put in its place: a device that slept through a rotation, or a
    thief of the old key, could otherwise undo what came after it. The key that waits may itself name the one that follows.
    """
    new = _possessed(reader, request, url, now)
    async with db.transaction("renew-reader") as tx:
        token = await reader.for_writing(tx)
        keys = await reader_keys.keys(tx, token)
        if new in (keys.jkt, keys.next_jkt):
            return False
        if keys.next_jkt is not None:
            raise RenewalDiffers
        await reader_keys.name_next(tx, token, new)
    return True


def _possessed(reader: Reader, request: RenewReader, url: str, now: int) -> bytes:
    """Return the new key's thumbprint, when that key proves that somebody holds it."""
    try:
        made = proof.check(request.possession, "PUT", url, b"", now)
    except TokenRefused:
        raise RenewalRefused from None
    if made.subject != reader.proof.subject:
        raise RenewalRefused
    return made.jkt

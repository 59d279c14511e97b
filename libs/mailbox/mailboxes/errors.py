"""What a mailbox can refuse."""

from chassis.problems import Problem


class MailboxDiffers(Problem):
    """A mailbox of this token is open with other keys. ``rows`` are the indexes; nothing of the batch was stored."""

    type = "mailbox-differs"
    title = "A mailbox is already open with other keys"
    status = 409


class MailboxUnknown(Problem):
    """No mailbox is open for the token of a claim."""

    type = "mailbox-unknown"
    title = "There is no such mailbox"
    status = 404


class ClaimRefused(Problem):
    """The signature of a claim is not the claim key's."""

    type = "claim-refused"
    title = "The claim does not verify"
    status = 403


class ClaimedByAnother(Problem):
    """The mailbox was handed to another reader key before: whoever holds this one should alarm its member."""

    type = "claimed-by-another"
    title = "The mailbox belongs to another reader key"
    status = 409


class ReaderUnknown(Problem):
    """The proof's key is not the reader key of the proof's token; an unknown token looks the same."""

    type = "reader-unknown"
    title = "This key reads no such mailbox"
    status = 401


class MailboxSuspended(Problem):
    """The insurer has suspended this mailbox. Only its own reader key, or a claim by its claim key, is told so."""

    type = "mailbox-suspended"
    title = "This mailbox is suspended"
    status = 403


class RenewalRefused(Problem):
    """The new reader key does not prove itself: its own proof of the renewal does not verify, or is for another mailbox."""

    type = "renewal-refused"
    title = "The new key does not prove itself"
    status = 403


class RenewalDiffers(Problem):
    """Another new reader key waits for its first use: the newest bundle at the keyvault holds it, and it can name the next."""

    type = "renewal-differs"
    title = "Another new key is waiting"
    status = 409

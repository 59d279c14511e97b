"""What goes into deployment.json so that an authority that was restored from an older state may begin its log anew."""

from datetime import UTC, datetime

from protocol.checkpoint import Checkpoint, CheckpointRefused, Note, log_name
from protocol.deployment import LogBeginning
from protocol.names import AUTHORITIES, AuthorityName

from warifu._wire import Wire
from warifu.errors import HostRefused, KeyMaterialRefused

from .reading import LogReader


async def beginning(wire: Wire, host: AuthorityName) -> LogBeginning:
    """Return the entry of the log that follows the present one: it carries over the larger of what the two others cosigned.

    Raises KeyMaterialRefused where what an authority says it cosigned is not of this log or not cosigned by it, and where the two
    cosigned different logs of one size; HostUnavailable where one does not answer.
    """
    number = wire.deployment.log_number(host)
    name = log_name(wire.deployment, host)
    found: dict[str, Note] = {}
    largest: Checkpoint | None = None
    for other in AUTHORITIES:
        if other == host:
            continue
        try:
            note = await LogReader(wire, other).vouched(host)
        except HostRefused as refused:
            if refused.type == "log-empty":
                continue
            raise
        try:
            shown = Checkpoint.parse(note.text, name)
        except CheckpointRefused as error:
            raise KeyMaterialRefused(other, "a checkpoint of another log") from error
        if other not in shown.cosigners(wire.deployment, note.signatures):
            raise KeyMaterialRefused(other, "a checkpoint that it did not cosign")
        if largest and shown.size == largest.size and shown.root != largest.root:
            raise KeyMaterialRefused(host, "two logs of one size, each cosigned")
        joined = (*found[note.text].signatures, *note.signatures) if note.text in found else note.signatures
        found[note.text] = Note(note.text, joined)
        if largest is None or shown.size > largest.size:
            largest = shown
    if largest is None:
        raise KeyMaterialRefused(host, "a log that nobody cosigned")
    since = datetime.fromtimestamp(wire.clock(), UTC).date()
    return LogBeginning(number=number + 1, since=since, before=str(found[largest.text]))

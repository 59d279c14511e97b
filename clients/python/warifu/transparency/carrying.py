"""Carrying checkpoints between the authorities, which do not call each other for it.

What is carried is signed, so whoever carries it can at most leave it undone.
"""

from dataclasses import dataclass

from protocol.checkpoint import Checkpoint, Note, Signature
from protocol.names import AUTHORITIES, AuthorityName

from warifu._wire import Wire
from warifu.errors import HostRefused, HostUnavailable

from .reading import Alarm, LogReader

_TRIES = 4
"""The log may grow, and somebody else may carry, between two calls."""


@dataclass(frozen=True)
class Checked:
    """A log's checkpoint, and what the other authorities say to it."""

    checkpoint: Checkpoint
    note: Note
    cosigners: frozenset[AuthorityName]
    """Those of the other two who signed that nothing before was changed."""
    alarms: tuple[Alarm, ...]


async def checked_log(wire: Wire, host: AuthorityName) -> Checked:
    """Return an authority's newest checkpoint, cosigned by those of the other two who answer and agree."""
    log = LogReader(wire, host)
    for left in reversed(range(_TRIES)):
        checkpoint, note = await log.checkpoint()
        lines: list[str] = []
        alarms: set[Alarm] = set()
        overtaken = False
        cosigned = checkpoint.cosigners(wire.deployment, note.signatures)
        for other in AUTHORITIES:
            if other in cosigned or other == host:
                continue
            match await _cosigned(LogReader(wire, other), log, checkpoint, note):
                case str() as line:
                    lines.append(line)
                case Alarm() as alarm:
                    alarms.add(alarm)
                    overtaken |= alarm.trouble == "went-back"
                case None:
                    continue
        # Cosigned further than this checkpoint: a newer one may be there meanwhile, or the log went back.
        if overtaken and left:
            continue
        await _delivered(log, checkpoint.size, lines)
        signatures = (*note.signatures, *map(Signature.parse, lines))
        others = checkpoint.cosigners(wire.deployment, signatures) - {host}
        return Checked(checkpoint, Note(note.text, signatures), others, tuple(sorted(alarms, key=lambda one: one.trouble)))
    raise AssertionError("unreachable")


async def _cosigned(witness: LogReader, log: LogReader, checkpoint: Checkpoint, note: Note) -> str | Alarm | None:
    """Return the witness's line, what it finds wrong, or None where it does not answer."""
    for _ in range(_TRIES):
        try:
            before = await witness.witnessed(log.host)
        except HostUnavailable:
            return None
        if before > checkpoint.size:
            return Alarm(log.host, "went-back")
        path = await log.consistency(before, checkpoint.size) if before else ()
        try:
            return await witness.cosign(note, before, path)
        except HostUnavailable:
            return None
        except HostRefused as refused:
            if refused.type == "log-forked":
                return Alarm(log.host, "forked")
            if refused.type != "witness-elsewhere":
                raise
    return None


async def _delivered(log: LogReader, size: int, lines: list[str]) -> None:
    """Leave the cosignatures with the log; where it has gone on meanwhile, the next one to carry brings others."""
    if not lines:
        return
    try:
        await log.deliver(size, lines)
    except (HostRefused, HostUnavailable):
        return

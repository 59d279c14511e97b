"""What an auditor asks: has a log changed since last time, do its leaves make its root, and have the three logs the same deeds."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from protocol import merkle
from protocol.checkpoint import Checkpoint
from protocol.names import AUTHORITIES, AuthorityName
from protocol.release_log import Kind, leaf

from warifu._wire import Wire
from warifu.errors import HostRefused, HostUnavailable

from .carrying import Checked, checked_log
from .known import KnownLog, KnownLogs
from .reading import Alarm, LogReader

COMPARED: tuple[Kind, ...] = ("release", "rotation", "recovery", "erasure")
"""Deeds that all three authorities do for the same member."""


@dataclass(frozen=True)
class AuditReport:
    """What an audit found."""

    known: KnownLogs
    """To be kept for the next one. A log with an alarm stays in it as it was."""
    checked: Mapping[AuthorityName, Checked]
    alarms: tuple[Alarm, ...]
    unavailable: tuple[AuthorityName, ...]
    begun: Mapping[AuthorityName, Mapping[Kind, int]]
    """Logs that began anew since last time, or are seen for the first time since, with the deeds that only others have."""

    @property
    def counted(self) -> dict[AuthorityName, dict[Kind, int]]:
        """Leaves of each kind, by authority."""
        return {host: log.counted for host, log in self.known.logs.items()}

    @property
    def differences(self) -> dict[Kind, dict[AuthorityName, int]]:
        """Deeds of which one log has another number than the others.

        A sign-in that was interrupted leaves one; deeds of which one authority keeps none in its log leave more and more. What
        a log lacked when it began anew was told then, and is counted with it.
        """
        counted = {host: Counter(log.counted) + Counter(log.missed) for host, log in self.known.logs.items()}
        found = {kind: {host: counts[kind] for host, counts in counted.items()} for kind in COMPARED}
        return {kind: counts for kind, counts in found.items() if len(set(counts.values())) > 1}


async def audit(wire: Wire, known: KnownLogs) -> AuditReport:
    """Check the three logs, carrying their checkpoints between them."""
    logs, checked = dict(known.logs), {}
    alarms: list[Alarm] = []
    unavailable: list[AuthorityName] = []
    for host in AUTHORITIES:
        try:
            found = await checked_log(wire, host)
            checked[host] = found
            trouble, log = await _gone_on(LogReader(wire, host), found, known.logs.get(host))
        except HostUnavailable:
            unavailable.append(host)
            continue
        troubles = {*found.alarms, *([trouble] if trouble else [])}
        alarms += sorted(troubles, key=lambda one: one.trouble)
        if log is not None and not troubles:
            logs[host] = log
    begun = _begun(wire, known, logs)
    logs |= {host: logs[host].model_copy(update={"missed": missed}) for host, missed in begun.items()}
    return AuditReport(KnownLogs(logs=logs), checked, tuple(alarms), tuple(unavailable), begun)


def _begun(wire: Wire, known: KnownLogs, logs: Mapping[AuthorityName, KnownLog]) -> dict[AuthorityName, dict[Kind, int]]:
    """Return the logs that began anew, each with how many deeds of each kind the others have more."""
    numbers = {host: known.logs[host].number if host in known.logs else 1 for host in logs}
    begun = [host for host in logs if logs[host].number == wire.deployment.log_number(host) > numbers[host]]
    others = [Counter(log.counted) + Counter(log.missed) for host, log in logs.items() if host not in begun]
    most = Counter({kind: max((counts[kind] for counts in others), default=0) for kind in COMPARED})
    # A difference of counters holds what is above nothing.
    return {host: dict(most - Counter(logs[host].counted)) for host in begun}


async def _gone_on(log: LogReader, found: Checked, before: KnownLog | None) -> tuple[Alarm | None, KnownLog | None]:
    """Return what is wrong with a log, or what it is now."""
    now, number = found.checkpoint, log.number
    if before and before.number != number:
        if not _carried(log, before):
            return Alarm(log.host, "left-behind"), None
        before = None
    size = before.size if before else 0
    if now.size < size:
        return Alarm(log.host, "went-back"), None
    if before and not await _begins_with(log, before, now):
        return Alarm(log.host, "forked"), None
    leaves = await log.leaves(size, now.size)
    edge = dict(zip(merkle.edge(size), before.edge, strict=True)) if before else {}
    hashes = [merkle.leaf_hash(leaf(one.kind, one.commitment)) for one in leaves]
    nodes = {**edge, **merkle.grown(size, edge, hashes)}
    if merkle.SparseTree(now.size, nodes.__getitem__).root(now.size) != now.root:
        return Alarm(log.host, "not-its-leaves"), None
    counted = Counter(before.counted if before else {})
    counted.update(one.kind for one in leaves)
    last = tuple(nodes[place] for place in merkle.edge(now.size))
    missed = before.missed if before else {}
    known = KnownLog(
        size=now.size, root=now.root, edge=last, counted=dict(counted), number=number, missed=missed, note=str(found.note)
    )
    return None, known


def _carried(log: LogReader, before: KnownLog) -> bool:
    """Say whether a log that began anew did so after all that was known of the one before it."""
    carried = log.carried_over()
    if carried is None or before.number > log.number:
        return False
    follows = carried.size > before.size or (carried.size, carried.root) == (before.size, before.root)
    return follows or before.number < log.number - 1


async def _begins_with(log: LogReader, before: KnownLog, now: Checkpoint) -> bool:
    try:
        path = await log.consistency(before.size, now.size) if before.size else ()
        if before.size:
            merkle.verify_consistency(before.root, before.size, now.root, now.size, path)
    except (HostRefused, merkle.MerkleRefused):
        return False
    return True

"""The witness: cosigns another authority's checkpoint when nothing that it cosigned before has changed.

Whoever likes may carry checkpoints to and fro, members' devices and auditors do: no authority calls another for it, and what is
carried is signed.
"""

from chassis.database import Database
from protocol.checkpoint import Checkpoint, CheckpointRefused, Signature, carried_over, witness_name
from protocol.merkle import EMPTY_ROOT, MerkleRefused, verify_consistency
from protocol.messages import release_log as messages
from protocol.names import AUTHORITIES, AuthorityName

from authority.errors import CheckpointRefused as CheckpointProblem
from authority.errors import LogForked, LogRange, WitnessElsewhere
from authority.start import Authority
from authority.store import log_checkpoints as store
from authority.use_cases.log_reading import checkpoint


async def cosign(db: Database, authority: Authority, request: messages.Cosign, now: int) -> messages.Cosigned:
    """Cosign a checkpoint that begins with the one cosigned before; raises LogForked where it does not."""
    host, shown = _whose(authority, request.note)
    async with db.transaction("witness") as tx:
        number = authority.deployment.log_number(host)
        last = await store.witnessed(tx, host) or store.Witnessed(number, 0, EMPTY_ROOT)
        known = last if last.number == number else _begun_anew(authority, host, last)
        if request.before != known.size or shown.size < known.size:
            raise WitnessElsewhere(size=known.size)
        _require_consistent(known, shown, request.path)
        if not await store.witness(tx, host, last, store.Witnessed(number, shown.size, shown.root)):
            raise WitnessElsewhere(size=known.size)
    name = witness_name(authority.deployment, authority.host)
    line = await authority.with_keys(lambda: shown.cosign(name, authority.keys.signing, now))
    return messages.Cosigned(line=str(line))


async def deliver(db: Database, authority: Authority, request: messages.Deliver) -> None:
    """Keep cosignatures of a checkpoint of this log."""
    async with db.transaction("keep-cosignatures") as tx:
        found = await store.find(tx, authority.log_number, request.size)
        if found is None:
            raise LogRange
        for line in request.lines:
            try:
                signature = Signature.parse(line)
            except CheckpointRefused:
                raise CheckpointProblem from None
            others = checkpoint(authority, found).cosigners(authority.deployment, (signature,)) - {authority.host}
            if not others:
                raise CheckpointProblem
            for other in others:
                await store.cosign(tx, request.size, other, signature.raw)


def _whose(authority: Authority, note: str) -> tuple[AuthorityName, Checkpoint]:
    for host in AUTHORITIES:
        if host == authority.host:
            continue
        try:
            return host, Checkpoint.of_authority(authority.deployment, host, note)[0]
        except CheckpointRefused:
            continue
    raise CheckpointProblem


def _begun_anew(authority: Authority, host: AuthorityName, last: store.Witnessed) -> store.Witnessed:
    """Return the empty log, where the description says that a new one begins after all that was cosigned here of the one before."""
    number, carried = authority.deployment.log_number(host), carried_over(authority.deployment, host)
    whole = carried is not None and (carried.size > last.size or (carried.size, carried.root) == (last.size, last.root))
    if last.number > number or (last.number == number - 1 and not whole):
        raise LogForked
    return store.Witnessed(number, 0, EMPTY_ROOT)


def _require_consistent(known: store.Witnessed, shown: Checkpoint, path: tuple[bytes, ...]) -> None:
    if known.size == 0:
        return
    try:
        verify_consistency(known.root, known.size, shown.root, shown.size, path)
    except MerkleRefused:
        raise LogForked from None

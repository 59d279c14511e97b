"""Reading the log: its checkpoint, leaves and proofs, and what a member's own entries are."""

from collections.abc import Callable
from typing import TypeVar

from chassis.database import Database, Transaction
from protocol import merkle
from protocol.checkpoint import Checkpoint, Note, Signature, log_name, witness_name
from protocol.messages import release_log as messages
from protocol.names import AuthorityName

from authority.errors import LogEmpty, LogRange
from authority.session import Session
from authority.start import Authority
from authority.store import log_checkpoints, log_entries, log_tree
from authority.use_cases.sessions import released

T = TypeVar("T")


async def openings(db: Database, session: Session, now: int) -> messages.Openings:
    """Return what opens the member's leaves, sealed to their log key."""
    async with db.transaction("read-openings", readonly=True) as tx:
        await released(tx, session, now)
        slots, fresh = await log_entries.of_member(tx, session.ref)
    return messages.Openings(slots=slots, fresh=tuple(fresh))


async def newest(db: Database, authority: Authority) -> messages.SignedCheckpoint:
    """Return the newest checkpoint with the cosignatures that it has."""
    async with db.transaction("read-checkpoint", readonly=True) as tx:
        found = await log_checkpoints.newest(tx, authority.log_number)
        if found is None:
            raise LogEmpty
        cosigned = await log_checkpoints.cosignatures(tx, found.size)
    own = Signature(log_name(authority.deployment, authority.host), found.signature)
    others = [
        Signature(witness_name(authority.deployment, host), cosigned[host])
        for host in authority.deployment.authorities
        if host in cosigned
    ]
    return messages.SignedCheckpoint(note=str(Note(checkpoint(authority, found).text, (own, *others))))


def checkpoint(authority: Authority, found: log_checkpoints.Signed) -> Checkpoint:
    """Return a stored checkpoint as it is signed."""
    return Checkpoint(log_name(authority.deployment, authority.host), found.size, found.root)


async def leaves(db: Database, begin: int, end: int) -> messages.LogLeaves:
    """Return leaves from one place up to another."""
    if not 0 <= begin <= end or end - begin > messages.LEAVES:
        raise LogRange
    async with db.statements("read-leaves") as tx:
        found = await log_tree.leaves(tx, begin, end)
    return messages.LogLeaves(leaves=tuple(messages.LogLeaf(kind=kind, commitment=made) for kind, made in found))


async def inclusion(db: Database, request: messages.Inclusion) -> messages.InclusionPaths:
    """Return the paths of leaves in the tree of a size."""

    def paths(tree: merkle.Tree) -> tuple[tuple[bytes, ...], ...]:
        return tuple(tree.inclusion_path(index, request.size) for index in request.indexes)

    async with db.transaction("prove-inclusion", readonly=True) as tx:
        return messages.InclusionPaths(paths=await _proved(tx, request.size, paths))


async def consistency(db: Database, first: int, second: int) -> messages.Consistency:
    """Return the proof that the tree of one size begins that of another."""
    async with db.transaction("prove-consistency", readonly=True) as tx:
        return messages.Consistency(path=await _proved(tx, second, lambda tree: tree.consistency_path(first, second)))


async def witnessed(db: Database, authority: Authority, host: AuthorityName) -> messages.Witnessed:
    """Return up to which size this authority cosigned another's present log."""
    async with db.statements("read-witnessed") as tx:
        found = await log_checkpoints.witnessed(tx, host)
    return messages.Witnessed(size=found.size if found and found.number == authority.deployment.log_number(host) else 0)


async def vouched(db: Database, authority: Authority, host: AuthorityName, now: int) -> messages.Vouched:
    """Return what this authority cosigned last of another, cosigned anew; raises LogEmpty where that is nothing."""
    async with db.statements("read-witnessed") as tx:
        found = await log_checkpoints.witnessed(tx, host)
    if found is None:
        raise LogEmpty
    known = Checkpoint(log_name(authority.deployment, host, found.number), found.size, found.root)
    name = witness_name(authority.deployment, authority.host)
    line = await authority.with_keys(lambda: known.cosign(name, authority.keys.signing, now))
    return messages.Vouched(note=str(Note(known.text, (line,))))


async def _proved(tx: Transaction, size: int, work: Callable[[merkle.Tree], T]) -> T:
    """Do work on the tree of a size: once to learn which hashes it needs, then with them."""
    if size > await log_tree.size(tx):
        raise LogRange
    try:
        found = await log_tree.hashes(tx, merkle.places(size, work))
        return work(merkle.SparseTree(size, found.__getitem__))
    except IndexError:
        raise LogRange from None

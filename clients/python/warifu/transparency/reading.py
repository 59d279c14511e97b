"""Reading one authority's log. Nobody signs in for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from protocol.checkpoint import Checkpoint, CheckpointRefused, Note, carried_over
from protocol.messages import release_log as messages
from protocol.names import AuthorityName
from pydantic import BaseModel

from warifu._wire import M, Wire, dump, parse
from warifu.errors import HostRefused, KeyMaterialRefused

Trouble = Literal["forked", "went-back", "not-in-log", "not-its-leaves", "left-behind"]
"""What is wrong with a log.

``forked``: it does not begin with what it was. ``went-back``: it is shorter than what was cosigned. ``left-behind``: it began
anew after less than what was known of the log before it. ``not-in-log``: it says that
an opening is in it, and does not prove it. ``not-its-leaves``: its leaves do not make its root.
"""


@dataclass(frozen=True)
class Alarm:
    """What is wrong with which authority's log."""

    host: AuthorityName
    trouble: Trouble


class LogReader:
    """One authority's log."""

    def __init__(self, wire: Wire, host: AuthorityName) -> None:
        self._wire = wire
        self.host = host

    @property
    def number(self) -> int:
        """Which of its authority's logs it is."""
        return self._wire.deployment.log_number(self.host)

    def carried_over(self) -> Checkpoint | None:
        """Return what others cosigned last of the log before this one; None where it is the first, or nobody else cosigned it."""
        try:
            return carried_over(self._wire.deployment, self.host)
        except CheckpointRefused:
            return None

    async def checkpoint(self) -> tuple[Checkpoint, Note]:
        """Return the newest checkpoint, signed with the pinned key; raises KeyMaterialRefused where it is not."""
        answer = await self._ask(messages.SignedCheckpoint, "GET", "/log/checkpoint")
        try:
            return Checkpoint.of_authority(self._wire.deployment, self.host, answer.note)
        except CheckpointRefused as error:
            raise KeyMaterialRefused(self.host, "a checkpoint that its pinned key did not sign") from error

    async def leaves(self, begin: int, end: int) -> list[messages.LogLeaf]:
        """Return leaves from one place up to another."""
        found: list[messages.LogLeaf] = []
        for at in range(begin, end, messages.LEAVES):
            until = min(end, at + messages.LEAVES)
            answer = await self._ask(messages.LogLeaves, "GET", f"/log/leaves?begin={at}&end={until}")
            found += answer.leaves
        if len(found) != end - begin:
            raise HostRefused(self.host, "malformed-answer", 200)
        return found

    async def inclusion(self, size: int, indexes: Sequence[int]) -> list[tuple[bytes, ...]]:
        """Return the paths of leaves."""
        found: list[tuple[bytes, ...]] = []
        for at in range(0, len(indexes), messages.PATHS):
            asked = messages.Inclusion(size=size, indexes=tuple(indexes[at : at + messages.PATHS]))
            found += (await self._ask(messages.InclusionPaths, "POST", "/log/inclusion", asked)).paths
        if len(found) != len(indexes):
            raise HostRefused(self.host, "malformed-answer", 200)
        return found

    async def consistency(self, first: int, second: int) -> tuple[bytes, ...]:
        """Return the proof that one tree begins another."""
        path = f"/log/consistency?first={first}&second={second}"
        return (await self._ask(messages.Consistency, "GET", path)).path

    async def witnessed(self, other: AuthorityName) -> int:
        """Return up to which size this authority cosigned another's log."""
        return (await self._ask(messages.Witnessed, "GET", f"/log/witnessed/{other}")).size

    async def vouched(self, other: AuthorityName) -> Note:
        """Return what this authority cosigned last of another's log, with its cosignature."""
        answer = await self._ask(messages.Vouched, "GET", f"/log/witnessed/{other}/checkpoint")
        try:
            return Note.parse(answer.note)
        except CheckpointRefused as error:
            raise KeyMaterialRefused(self.host, "a checkpoint that is none") from error

    async def cosign(self, note: Note, before: int, path: tuple[bytes, ...]) -> str:
        """Ask this authority to cosign another's checkpoint; return the line."""
        asked = messages.Cosign(note=str(note), before=before, path=path)
        return (await self._ask(messages.Cosigned, "POST", "/log/cosignatures", asked)).line

    async def deliver(self, size: int, lines: Sequence[str]) -> None:
        """Give this log what others signed about its checkpoint."""
        body = dump(messages.Deliver(size=size, lines=tuple(lines)))
        await self._wire.send(self.host, "PUT", "/log/cosignatures", headers=dict, body=body)

    async def _ask(self, kind: type[M], method: str, path: str, message: BaseModel | None = None) -> M:
        answer = await self._wire.send(self.host, method, path, headers=dict, body=dump(message) if message else b"")
        return parse(self.host, kind, answer)

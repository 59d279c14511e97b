"""The erasure ledger: whom a host erased, as hashes in a file beside the database, so that no backup brings them back.

One hash a line, sorted: neither an order nor a day of erasures. A hash is of what this host alone knows somebody by, so it says
nothing to whoever has the file and not the host's former database. The file lies outside the database and its backups; a database
that was restored is not served before everybody in the ledger was erased from it anew.
"""

import asyncio
import fcntl
import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

from chassis.config import ConfigError, ServiceConfig
from chassis.database import Database
from chassis.service import C, Service

_AT_A_TIME = 1000
_WAITING = "the database was restored from a backup: run replay before it is served"


class Ledger:
    """The ledger of one host; without a file nothing is noted, as where there are no backups."""

    def __init__(self, host: str, path: Path | None) -> None:
        self._host = host
        self._path = path

    @classmethod
    def of(cls, config: ServiceConfig) -> "Ledger":
        """Return the ledger that a host's configuration names."""
        return cls(config.host, config.backup.erasures_file if config.backup else None)

    async def add(self, ids: Sequence[bytes], *, kept: bool = False) -> None:
        """Note these before their erasure is committed; they are on the disk when this returns.

        ``kept`` where what may stay for statistics does.
        """
        if self._path is not None and ids:
            await asyncio.to_thread(self._add, self._path, {self.line(one, kept=kept) for one in ids})

    def lines(self) -> frozenset[str]:
        """Return every line; raises ConfigError when there is no ledger."""
        if self._path is None:
            raise ConfigError("the configuration has no table `backup`, which names the erasure ledger")
        try:
            return frozenset(self._path.read_text(encoding="ascii").split())
        except OSError as error:
            raise ConfigError(f"{self._path}: cannot be read ({(error.strerror or 'unknown').lower()})") from None

    def line(self, subject: bytes, *, kept: bool = False) -> str:
        """Return the line of somebody, 64 hexadecimal digits."""
        return hashlib.sha256(
            (b"warifu/v1/kept" if kept else b"warifu/v1/erased") + self._host.encode() + b"\0" + subject
        ).hexdigest()

    def _add(self, path: Path, lines: set[str]) -> None:
        # Several processes of a service share the file.
        with path.with_name(path.name + ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            known = set(path.read_text(encoding="ascii").split()) if path.exists() else set()
            if lines <= known:
                return
            draft = path.with_name(path.name + ".draft")
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
                file.write("".join(f"{line}\n" for line in sorted(known | lines)))
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
            folder = os.open(path.parent, os.O_RDONLY)
            os.fsync(folder)
            os.close(folder)


async def replay(owner_url: str, service: Service[C], ledger: Ledger) -> int:
    """Erase everybody who is in the ledger from a restored database, then let it be served; return how many there were."""
    assert service.restoring is not None
    restoring, lines = service.restoring, ledger.lines()
    db = await Database.open(owner_url, 1, 1)
    try:
        async with db.transaction("replay-erasures") as tx:
            known = [bytes(row["id"]) for row in await tx.run(restoring.subjects)]
            gone = [one for one in known if ledger.line(one) in lines]
            kept = [one for one in known if ledger.line(one) not in lines and ledger.line(one, kept=True) in lines]
            for forget, subjects in ((restoring.erase, gone), (restoring.keep or restoring.erase, kept)):
                for at in range(0, len(subjects), _AT_A_TIME):
                    await forget(tx, subjects[at : at + _AT_A_TIME])
            await tx.run("DELETE FROM restore_mark")
        return len(gone) + len(kept)
    finally:
        await db.close()


async def waiting(db: Database, service: Service[C]) -> list[str]:
    """Return one sentence when the database was restored and the ledger was not replayed."""
    if service.restoring is None:
        return []
    async with db.transaction("restored", readonly=True) as tx:
        return [_WAITING] if await tx.run("SELECT true FROM restore_mark") else []

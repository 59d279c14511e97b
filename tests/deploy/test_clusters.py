"""The five clusters: separate, closed to everybody without a password, least rights, and still there after a restart."""

import asyncio
import re
import struct
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest
import pytest_asyncio
from local import postgres, table
from local.layout import HOSTS, PROCESSES
from local.process import Process
from local.system import System

CLUSTERS: tuple[Process, ...] = tuple(p for p in table.load(PROCESSES) if p.name.startswith("postgres-"))


def runtime_url(system: System, host: str) -> str:
    """Return the URL of a host's database for its service."""
    return system.layout.host(host).runtime_url.read_text(encoding="ascii")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def system(tmp_path_factory: pytest.TempPathFactory, find_base_port: Callable[[], int]) -> AsyncIterator[System]:
    """Run the five databases, without the services."""
    home = tmp_path_factory.mktemp("clusters") / "home"
    async with System(home, find_base_port(), CLUSTERS) as running:
        yield running


pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_scram_is_required(system: System) -> None:
    """Without the right password nobody comes in, as superuser neither, not even from this machine."""
    for host in HOSTS:
        parts = urlsplit(system.owner_urls[host])
        for user, password in (
            ("postgres", "postgres"),
            ("postgres", None),
            ("warifu_owner", "x"),
            ("warifu_runtime", ""),
        ):
            with pytest.raises((asyncpg.InvalidPasswordError, asyncpg.InterfaceError)):
                await asyncpg.connect(host="127.0.0.1", port=parts.port, user=user, password=password, database="warifu")


async def test_passwords_and_identifiers_differ(system: System) -> None:
    """No password and no cluster identifier is shared between hosts, nor between roles of one host."""
    passwords = []
    identifiers = []
    for host in HOSTS:
        folder = system.layout.host(host)
        owner = urlsplit(system.owner_urls[host]).password
        runtime = urlsplit(runtime_url(system, host)).password
        superuser = (folder.secrets / "postgres").read_text(encoding="ascii")
        passwords += [owner, runtime, superuser]
        # pg_control begins with the 64-bit system identifier
        identifiers.append(struct.unpack("=Q", (folder.cluster / "global" / "pg_control").read_bytes()[:8])[0])

    assert len(set(passwords)) == 15
    assert len(set(identifiers)) == 5


async def test_runtime_owns_nothing(system: System) -> None:
    """The service's role connects, owns nothing, creates nothing and is no superuser."""
    for host in HOSTS:
        connection = await asyncpg.connect(runtime_url(system, host))
        try:
            owned = await connection.fetchval(
                "SELECT count(*) FROM pg_shdepend WHERE refobjid = 'warifu_runtime'::regrole AND deptype = 'o'"
            )
            rights = await connection.fetchrow(
                "SELECT rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls "
                "FROM pg_roles WHERE rolname = current_user"
            )
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute("CREATE TABLE public.mine (n int)")
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute("CREATE TEMPORARY TABLE mine (n int)")
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute("CHECKPOINT")
        finally:
            await connection.close()

        assert owned == 0
        assert tuple(rights or ()) == (False,) * 5


async def test_owner_can_seal(system: System) -> None:
    """The owner role creates tables, switches the write-ahead log and checkpoints without being superuser."""
    connection = await asyncpg.connect(system.owner_urls["keyvault"])
    try:
        await connection.execute("CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)")
        await connection.execute("SELECT pg_switch_wal()")
        await connection.execute("CHECKPOINT")
        superuser = await connection.fetchval("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    finally:
        await connection.close()

    assert superuser is False


async def test_settings_keep_silent(system: System) -> None:
    """What would write times, statements or values to disk is off; fsync is on."""
    expected = {
        "archive_mode": "off",
        "fsync": "on",
        "listen_addresses": "127.0.0.1",
        "log_connections": "",
        "log_error_verbosity": "terse",
        "log_line_prefix": "",
        "log_min_error_statement": "panic",
        "log_statement": "none",
        "track_commit_timestamp": "off",
        "unix_socket_directories": "",
        "wal_recycle": "off",
    }
    for host in ("anon-data", "programs"):
        connection = await asyncpg.connect(system.owner_urls[host])
        try:
            shown = {}
            for name in expected:
                if name != "unix_socket_directories":  # superusers only
                    shown[name] = await connection.fetchval(f"SHOW {name}")
        finally:
            await connection.close()

        assert shown == {name: value for name, value in expected.items() if name in shown}


async def test_logs_of_stores_carry_no_time_and_no_value(system: System) -> None:
    """A failing statement leaves neither its text nor a time in a store's log."""
    connection = await asyncpg.connect(runtime_url(system, "programs"))
    try:
        with pytest.raises(asyncpg.PostgresError):
            await connection.execute("SELECT 'a-telling-value'::int")
    finally:
        await connection.close()
    log = system.logs("postgres-programs")

    assert "a-telling-value" not in log
    assert [line for line in log.splitlines() if not line.startswith("FATAL:  ") or re.search(r"\d\d:\d\d", line)] == []


async def test_no_socket_file(system: System) -> None:
    """No cluster makes a socket file, neither in its folder nor under /tmp."""
    ports = [system.layout.database_port(host) for host in HOSTS]
    found = [path for path in system.layout.home.rglob("*") if path.is_socket()]
    found += [path for port in ports for path in Path("/tmp").glob(f".s.PGSQL.{port}*")]

    assert found == []


async def test_restart_keeps_data(system: System) -> None:
    """What was written before a restart is read after it."""
    connection = await asyncpg.connect(system.owner_urls["gateway"])
    await connection.execute("CREATE TABLE kept (n int); INSERT INTO kept VALUES (42)")
    await connection.close()
    await system.restart("postgres-gateway")
    connection = await asyncpg.connect(system.owner_urls["gateway"])
    try:
        kept = await connection.fetchval("SELECT n FROM kept")
    finally:
        await connection.close()

    assert kept == 42


async def test_works_under_a_closed_folder(tmp_path: Path, base_port: int) -> None:
    """A home whose parents only its owner may enter works too, for root as well."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    one = tuple(process for process in CLUSTERS if process.name == "postgres-identity")
    async with System(closed / "home", base_port, one) as running:
        connection = await asyncio.wait_for(asyncpg.connect(running.owner_urls["identity"]), 10)
        version = await connection.fetchval("SELECT current_database()")
        await connection.close()

    assert version == postgres.DATABASE

"""Each of the five databases made anew from an older backup: what was there is there, and whoever was erased since is not."""

import os
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from chassis.app import create_app
from chassis.backup import backup, restore
from chassis.config import ConfigError, DatabaseConfig
from chassis.erasures import Ledger, replay
from chassis.service import Service
from protocol.names import AUTHORITIES, HOSTS, STORES, HostName
from protocol.sealing import XWingPrivateKey
from registrar.events import run_events
from rooms.registrar.five_hosts import FiveHosts
from rooms.registrar.lives import desk, given, member_with
from rooms.registrar.paperwork import row
from rooms.registrar.test_search_hosts import person
from support.postgres import DatabaseUrls, ThrowawayCluster

SEED = bytes(31) + b"k"
PUBLIC = XWingPrivateKey(SEED).public_bytes
_TABLES = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relpersistence = 'p'"
_SESSION = "INSERT INTO evidence_nonce VALUES (sha256('nonce'), 9999999999)"


def service(host: HostName) -> Service[Any]:
    """Return a host's service."""
    found: Service[Any] = import_module(f"{host.replace('-', '_')}.app").SERVICE
    return found


async def contents(urls: DatabaseUrls) -> dict[str, Counter[tuple[Any, ...]]]:
    """Return the rows of every table."""
    connection = await asyncpg.connect(urls.owner_url)
    try:
        names = [record["relname"] for record in await connection.fetch(_TABLES)]
        return {
            name: Counter(tuple(record.values()) for record in await connection.fetch(f"SELECT * FROM {name}")) for name in names
        }
    finally:
        await connection.close()


def noted(hosts: FiveHosts, folder: Path) -> Mapping[HostName, Ledger]:
    """Let every host note erasures in a file of its own."""
    ledgers = {host: Ledger(host, folder / f"{host}.erasures") for host in HOSTS}
    for host, app in hosts.apps.items():
        app.state.ledger = ledgers[host]
        if host in AUTHORITIES:
            app.state.authority = replace(app.state.authority, ledger=ledgers[host])
    return ledgers


async def serves(hosts: FiveHosts, host: HostName, urls: DatabaseUrls, folder: Path) -> None:
    """Start the host's service on a database, and stop it; raises ConfigError when it refuses."""
    _, runtime = urls.write(folder)
    config = hosts.apps[host].state.config.model_copy(update={"database": DatabaseConfig(url_file=runtime)})
    app = create_app(service(host), config)
    async with app.router.lifespan_context(app):
        pass


async def _backed_up(urls: DatabaseUrls, made: Service[Any], to: Path) -> dict[str, Counter[tuple[Any, ...]]]:
    """Back a host up, once more where its log went on meanwhile; return its rows."""
    for _ in range(10):
        before = await contents(urls)
        await backup(urls.owner_url, made, PUBLIC, to)
        if await contents(urls) == before:
            return before
        to.unlink()
    raise AssertionError("something is written all the time")


async def test_every_row_but_those_of_the_day(hosts: FiveHosts, cluster: ThrowawayCluster, tmp_path: Path) -> None:
    """Sessions, nonces, counters and windows stay out; everything else is as it was, in an order that is nobody's."""
    await given(hosts, tmp_path, *(person(number) for number in range(1, 41)))
    await hosts.rows("identity", _SESSION)
    for host in HOSTS:
        made, urls = service(host), cluster.database_of(service(host))
        before = await _backed_up(hosts.urls[host], made, tmp_path / host)
        await restore(urls.owner_url, made, SEED, tmp_path / host)
        after = await contents(urls)
        assert made.restoring is not None
        left = {name for name, rows in before.items() if rows and not after[name]}
        assert left <= set(made.restoring.omitted)
        assert {name: rows for name, rows in before.items() if name not in {*left, "restore_mark"}} == {
            name: rows for name, rows in after.items() if name not in {*left, "restore_mark"}
        }
        assert not (tmp_path / host).read_bytes().count(next(iter(before["account" if host in AUTHORITIES else "mailbox"]))[0])
        assert (tmp_path / host).stat().st_mode & 0o777 == 0o600
    assert before["registrar_window"]
    assert not after["registrar_window"]


async def test_a_backup_that_fails_leaves_nothing(hosts: FiveHosts, tmp_path: Path) -> None:
    """With a key that is none there is neither a backup nor a part of one."""
    (tmp_path / "backups").mkdir()
    with pytest.raises(ValueError, match="an X-Wing public key has 1216 bytes"):
        await backup(hosts.urls["identity"].owner_url, service("identity"), PUBLIC[:-1], tmp_path / "backups" / "identity")

    assert list((tmp_path / "backups").iterdir()) == []


async def test_what_was_signed_before_is_not_accepted_again(hosts: FiveHosts, cluster: ThrowawayCluster, tmp_path: Path) -> None:
    """Which proofs were seen is not in a backup: the restored host accepts those alone that are made later."""
    for host in HOSTS:
        began, made, urls = int(time.time()), service(host), cluster.database_of(service(host))
        await backup(hosts.urls[host].owner_url, made, PUBLIC, tmp_path / host)
        await restore(urls.owner_url, made, SEED, tmp_path / host)
        connection = await asyncpg.connect(urls.owner_url)
        since = await connection.fetchval("SELECT since FROM once_mark")
        await connection.close()

        assert since >= began


async def test_heap_order_is_nobodys(hosts: FiveHosts, cluster: ThrowawayCluster, tmp_path: Path) -> None:
    """Rows that lay sorted lie in an unrelated order afterwards, written by one transaction."""
    await given(hosts, tmp_path, *(row(number) for number in range(1, 121)))
    urls, made = cluster.database_of(service("keyvault")), service("keyvault")
    await backup(hosts.urls["keyvault"].owner_url, made, PUBLIC, tmp_path / "keyvault")
    await restore(urls.owner_url, made, SEED, tmp_path / "keyvault")
    query = "SELECT ref, xmin::text FROM account ORDER BY ctid"
    lay = [one for one, _ in await hosts.rows("keyvault", query)]
    connection = await asyncpg.connect(urls.owner_url)
    lies = [(record["ref"], record["xmin"]) for record in await connection.fetch(query)]
    await connection.close()
    rank = {ref: at for at, (ref, _) in enumerate(lies)}
    followed = sum(rank[after] == rank[before] + 1 for before, after in pairwise(lay))

    assert (len(lies), len({xmin for _, xmin in lies})) == (120, 1)
    # By luck one row in 120 follows the one it followed.
    assert followed < 12


async def test_the_erased_stay_erased(hosts: FiveHosts, cluster: ThrowawayCluster, tmp_path: Path) -> None:
    """An older backup brings them back; the service refuses to serve it until the ledger was replayed, and then they are gone."""
    ledgers = noted(hosts, tmp_path)
    await given(hosts, tmp_path, person(1), person(2), person(3))
    gone = member_with(hosts, 2)
    for host in HOSTS:
        await backup(hosts.urls[host].owner_url, service(host), PUBLIC, tmp_path / host)
    await given(hosts, tmp_path, person(1), row(2, lost=date(2026, 11, 1)), person(3))
    assert (await run_events(desk(hosts, date(2031, 11, 1)))).done["erasure"] == 1
    for host in HOSTS:
        urls, table = cluster.database_of(service(host)), "account" if host in AUTHORITIES else "mailbox"
        await restore(urls.owner_url, service(host), SEED, tmp_path / host)
        assert len((await contents(urls))[table]) == 3
        with pytest.raises(ConfigError, match="replay"):
            await serves(hosts, host, urls, tmp_path)
        assert await replay(urls.owner_url, service(host), ledgers[host]) == 1
        after = await contents(urls)
        await serves(hosts, host, urls, tmp_path)
        assert after[table] == (await contents(hosts.urls[host]))[table]
        if host in AUTHORITIES:
            assert not [name for name, rows in after.items() if any(gone.refs[host] in one for one in rows)]


async def test_what_was_kept_is_kept_again(hosts: FiveHosts, cluster: ThrowawayCluster, tmp_path: Path) -> None:
    """Where health records stay, a restored store lets go of whom it let go of, and counts them on under other names."""
    ledgers = noted(hosts, tmp_path)
    (hosts.papers.home / "rules.toml").write_text('at_erasure = "keep"\n', encoding="utf-8")
    await given(hosts, tmp_path, person(1), person(2))
    for store in STORES:
        await backup(hosts.urls[store].owner_url, service(store), PUBLIC, tmp_path / store)
    await given(hosts, tmp_path, row(1, lost=date(2026, 11, 1)), person(2))
    assert (await run_events(desk(hosts, date(2031, 11, 1)))).done["erasure"] == 1
    ((name,),) = await hosts.rows("anon-data", "SELECT person FROM kept_person")
    for store in STORES:
        urls = cluster.database_of(service(store))
        await restore(urls.owner_url, service(store), SEED, tmp_path / store)
        assert await replay(urls.owner_url, service(store), ledgers[store]) == 1
        after = await contents(urls)
        assert after["mailbox"] == (await contents(hosts.urls[store]))["mailbox"]
        assert [len(key) for key, *_ in after.get("kept_person", ())] == ([16] if store == "anon-data" else [])
        assert name not in {key for key, *_ in after.get("kept_person", ())}


async def test_a_ledger_says_nothing(tmp_path: Path) -> None:
    """Sorted hashes, each once, of a kind that differs between hosts, readable by their owner alone."""
    paths = {host: tmp_path / host for host in HOSTS}
    ids = [os.urandom(16) for _ in range(30)]
    for host, path in paths.items():
        for one in [*ids, *ids]:
            await Ledger(host, path).add([one])
    texts = {host: path.read_text(encoding="ascii").split() for host, path in paths.items()}

    assert all(lines == sorted(set(lines)) and len(lines) == 30 for lines in texts.values())
    assert len({line for lines in texts.values() for line in lines}) == 30 * len(HOSTS)
    assert {path.stat().st_mode & 0o777 for path in paths.values()} == {0o600}


async def test_only_into_an_empty_database(hosts: FiveHosts, cluster: ThrowawayCluster, tmp_path: Path) -> None:
    """Neither over what is there, nor half, nor with another key, nor another host's; what fails leaves the database empty."""
    await given(hosts, tmp_path, person(1))
    made, path = service("keyvault"), tmp_path / "keyvault"
    await backup(hosts.urls["keyvault"].owner_url, made, PUBLIC, path)
    urls = cluster.database_of(service("keyvault"))
    (tmp_path / "half").write_bytes(path.read_bytes()[:-40])
    refused = [(urls, SEED, tmp_path / "half"), (urls, bytes(32), path), (hosts.urls["keyvault"], SEED, path)]
    for where, seed, file in refused:
        with pytest.raises(ConfigError):
            await restore(where.owner_url, made, seed, file)
    identity = cluster.database_of(service("identity"))
    with pytest.raises(ConfigError):
        await restore(identity.owner_url, service("identity"), SEED, path)

    left = await contents(urls)
    assert not any(left[name] for name in ("account", "bundle", "restore_mark"))
    await restore(urls.owner_url, made, SEED, path)


async def test_only_of_the_same_migrations(hosts: FiveHosts, cluster: ThrowawayCluster, tmp_path: Path) -> None:
    """Neither a backup that another version made, nor into a database of another version: nothing is guessed, nothing is left."""
    await given(hosts, tmp_path, person(1))
    made = service("keyvault")
    ours, theirs = cluster.database_of(service("keyvault")), cluster.database_of(service("keyvault"))
    await backup(hosts.urls["keyvault"].owner_url, made, PUBLIC, tmp_path / "same")
    connection = await asyncpg.connect(theirs.owner_url)
    await connection.execute("UPDATE schema_migration SET checksum = 'of-another-version'")
    await connection.close()
    await backup(theirs.owner_url, made, PUBLIC, tmp_path / "other")
    for urls, file in ((ours, "other"), (theirs, "same")):
        with pytest.raises(ConfigError, match="migrations"):
            await restore(urls.owner_url, made, SEED, tmp_path / file)
        assert not (await contents(urls))["restore_mark"]

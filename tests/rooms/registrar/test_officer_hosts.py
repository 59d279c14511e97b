"""Windows and lists that officers sign on their own machines, opened, looked at and closed at the five hosts."""

import json
import os
from pathlib import Path

from protocol.encoding import b64u, unb64u
from protocol.manifest import PURPOSES, WITH_SUBJECTS, SignedManifest
from protocol.names import HOSTS, STORES
from protocol.signing import SigningKey
from registrar import window_store
from registrar.secret_files import write_private
from registrar.signing_request import SigningRequest
from registrar.windows import Window
from rooms.registrar.five_hosts import FiveHosts
from rooms.registrar.paperwork import row, write_table
from rooms.registrar.test_cli_hosts import command, listening
from windows import RegistrarCall, require_subjects

OFFICER = "registrar.officer_cli.app"
NUMBERS = ("101:1:00", "101:2:00")


def signers(hosts: FiveHosts) -> list[str]:
    return [part for path in hosts.papers.officers for part in ("--officer", str(path))]


def newest(hosts: FiveHosts, purpose: str) -> list[Window]:
    windows = window_store.listed(hosts.papers.home / "windows")
    return [window for window in windows if window.purpose == purpose]


async def request(hosts: FiveHosts, folder: Path, purpose: str, *arguments: str) -> Path:
    """Write a request and have both officers sign it."""
    file = folder / f"{purpose}.json"
    code, said = await command(hosts, "window", "request", "--purpose", purpose, *arguments, "-o", str(file))
    assert code == 0, said
    for key in hosts.papers.officers:
        code, said = await command(hosts, "sign", str(file), "--key", str(key), "--yes", module=OFFICER)
        assert code == 0, said
    return file


def more_members(file: Path, to: Path) -> Path:
    """Write the request anew with larger quotas, as whoever carries it to the officers may."""
    request = SigningRequest.load(file)
    zones = []
    for zone in request.zones:
        asked = zone.signed.read()
        larger = asked.model_copy(update={"quotas": {use: 1000 * count for use, count in asked.quotas.items()}})
        zones.append(zone.model_copy(update={"manifest": SignedManifest.draft(larger).raw}))
    request.model_copy(update={"zones": tuple(zones)}).save(to)
    return to


async def test_a_window_about_people(hosts: FiveHosts, tmp_path: Path) -> None:
    """From the roster to the hosts: each host takes exactly the listed people's references or tokens, and keeps only a root."""
    table = write_table(tmp_path / "eligibility.csv", [row(1), row(2, kanji_name="仮名山 ぽん子"), row(3)])
    await hosts.run(table)
    async with listening(hosts):
        await command(hosts, "window", "open", "--purpose", "ingest", "--members", "2", *signers(hosts))
        named = [part for number in NUMBERS for part in ("--member", number)]
        file = await request(hosts, tmp_path, "suspend", *named, "--names", str(table))
        _, shown = await command(hosts, "show", str(file), "--lang", "ja", module=OFFICER)
        code, said = await command(hosts, "window", "open", "--request", str(file))
        assert code == 0, said
        _, left = await command(hosts, "window", "list")
    by_zone = {window.zone: window for window in newest(hosts, "suspend")}
    tokens = {store: {value for (value,) in await hosts.rows(store, "SELECT token FROM mailbox")} for store in STORES}
    entries = [one for window in by_zone.values() if window.subjects for one in window.subjects.entries]
    listed = {host: {one.id for one in entries if one.host == host} for host in HOSTS}
    stored = await hosts.rows(
        "programs", "SELECT purpose, subjects, subject_count FROM registrar_window WHERE subjects IS NOT NULL"
    )
    pseudonymous = by_zone["pseudonymous"].subjects
    assert pseudonymous is not None

    assert ("1. 101:1:00 架空谷 もふ太郎" in shown, "2. 101:2:00 仮名山 ぽん子" in shown) == (True, True)
    assert {host: len(ids) for host, ids in listed.items()} == dict.fromkeys(HOSTS, 2)
    assert [listed[host] < tokens[host] for host in STORES] == [True, True]
    assert stored == [("suspend", pseudonymous.root, 4)]
    assert "keyvault: suspend 4" in left
    window = by_zone["named"]
    root = window.subjects.root if window.subjects else None
    caller = RegistrarCall(window.id, "suspend", b"", b"", root, 6)
    require_subjects(caller, "keyvault", [(one, window.subject("keyvault", one)) for one in sorted(listed["keyvault"])])


async def test_both_keys_on_one_machine(hosts: FiveHosts, tmp_path: Path) -> None:
    """With both officers' keys a window of every purpose opens at once; what is needed for it is opened and closed by itself."""
    await hosts.run(write_table(tmp_path / "eligibility.csv", [row(1)]))
    subjects = tmp_path / "subjects.csv"
    subjects.write_text("".join(f"{host},{b64u(os.urandom(32))},record {host}\n" for host in HOSTS), encoding="utf-8")
    async with listening(hosts):
        results = []
        for purpose in PURPOSES:
            about = ["--member", NUMBERS[0]] if purpose in WITH_SUBJECTS else ["--members", "1"]
            about = ["--subjects", str(subjects)] if purpose == "reidentify" else about
            results.append((await command(hosts, "window", "open", "--purpose", purpose, *about, *signers(hosts)))[0])
    opened = {window.purpose for window in window_store.listed(hosts.papers.home / "windows")}
    left_open = await hosts.rows("identity", "SELECT count(*) FROM registrar_window WHERE purpose = 'ingest' AND NOT closed")

    assert (results, opened) == ([0] * len(PURPOSES), set(PURPOSES))
    assert left_open == [(1,)]


async def test_windows_are_closed(hosts: FiveHosts) -> None:
    """An officer sees what is open and closes it; the registrar closes its own, and hears what others closed."""
    async with listening(hosts):
        for purpose in ("enrol", "search"):
            await command(hosts, "window", "open", "--purpose", purpose, "--members", "3", *signers(hosts))
        window = next(window for window in newest(hosts, "search") if window.zone == "named")
        key = str(hosts.papers.officers[1])
        _, before = await command(hosts, "windows", "--key", key, "--lang", "ja", module=OFFICER)
        closed = await command(hosts, "close", b64u(window.id), "--key", key, module=OFFICER)
        unknown = await command(hosts, "close", b64u(bytes(16)), "--key", key, module=OFFICER)
        _, listed = await command(hosts, "window", "list")
        own = await command(hosts, "window", "close", "--purpose", "enrol")
        _, after = await command(hosts, "windows", "--key", key, module=OFFICER)

    assert (before.count("加入者の検索"), "検索: 残り 6 / 6" in before) == (5, True)
    assert (closed[0], closed[1]) == (0, "Closed at: gateway, keyvault, identity")
    assert unknown[0] == 1
    assert ("gateway: closed" in listed, own, after.count(" closed ")) == (True, (0, "2 windows closed"), 8)


async def test_officers_change(hosts: FiveHosts, tmp_path: Path) -> None:
    """A third officer comes, two remove the first, and a host that was restored from a backup is told what it lacks."""
    keys = {}
    for name in ("officer-3", "officer-4"):
        keys[name] = tmp_path / f"{name}.key"
        write_private(keys[name], b64u(os.urandom(32)))
    public = {name: b64u(SigningKey(unb64u(path.read_text())).public_bytes) for name, path in keys.items()}
    one, two = hosts.papers.officers
    third = keys["officer-3"]
    said = []
    async with listening(hosts):

        async def change(signing: tuple[Path, Path], *arguments: str) -> None:
            file = str(tmp_path / "next.json")
            said.append(await command(hosts, "officers", "propose", *arguments, "-o", file))
            sign = ("officers", "sign", file, "--yes", "--key")
            said.extend([await command(hosts, *sign, str(path), module=OFFICER) for path in signing])
            said.append(await command(hosts, "officers", "publish", file))

        await change((one, two), "--add", f"officer-3={public['officer-3']}")
        await change((two, third), "--remove", "officer-1")
        assert [code for code, _ in said] == [0] * 8, said
        gone = await command(hosts, "window", "open", "--purpose", "enrol", "--members", "3", *signers(hosts))
        now = ["--officer", str(two), "--officer", str(third)]
        good = await command(hosts, "window", "open", "--purpose", "enrol", "--members", "3", *now)
        await hosts.rows("keyvault", "TRUNCATE officer_list, officer_signature")  # as a restore of a backup does
        behind = await command(hosts, "window", "open", "--purpose", "enrol", "--members", "3", *now)
        published = await command(hosts, "officers", "publish")
        again = await command(hosts, "window", "open", "--purpose", "enrol", "--members", "3", *now)
        removed = await command(hosts, "windows", "--key", str(one), module=OFFICER)
        stays = await command(hosts, "windows", "--key", str(third), module=OFFICER)
    kept = json.loads((hosts.papers.home / "officers.json").read_text(encoding="utf-8"))

    assert (gone[0], "not on the current officers' list" in gone[1], good[0]) == (1, True, 0)
    assert (behind[0], "keyvault lacks officers' lists" in behind[1]) == (1, True)
    assert (published[0], published[1].count("list 3"), again[0]) == (0, 5, 0)
    assert (removed[0], "not on the current officers' list" in removed[1], stays[0], len(kept)) == (1, True, 0, 2)


async def test_a_request_is_opened_as_it_was_made(hosts: FiveHosts, tmp_path: Path) -> None:
    """Unsigned, by one officer only, changed before both signed, or opened already: nothing is opened, and the sentence says so."""
    async with listening(hosts):
        file = tmp_path / "request.json"
        await command(hosts, "window", "request", "--purpose", "enrol", "--members", "3", "-o", str(file))
        about = str(tmp_path / "about-nobody.json")
        nobody = await command(hosts, "window", "request", "--purpose", "suspend", "--members", "3", "-o", about)
        changed = more_members(file, tmp_path / "changed.json")
        for key in hosts.papers.officers:
            await command(hosts, "sign", str(changed), "--key", str(key), "--yes", module=OFFICER)
        other = await command(hosts, "window", "open", "--request", str(changed))
        unsigned = await command(hosts, "window", "open", "--request", str(file))
        await command(hosts, "sign", str(file), "--key", str(hosts.papers.officers[0]), "--yes", module=OFFICER)
        half = await command(hosts, "window", "open", "--request", str(file))
        await command(hosts, "sign", str(file), "--key", str(hosts.papers.officers[1]), "--yes", module=OFFICER)
        opened = await command(hosts, "window", "open", "--request", str(file))
        twice = await command(hosts, "window", "open", "--request", str(file))

    assert (nobody[0], "a window for suspend needs --member" in nobody[1]) == (1, True)
    assert [code for code, _ in (other, unsigned, half, opened, twice)] == [1, 1, 1, 0, 1]
    assert ["two officers must sign" in said for _, said in (unsigned, half)] == [True, True]
    assert ["was not made in this home, was changed" in said for _, said in (other, twice)] == [True, True]
    assert list((hosts.papers.home / "requests").iterdir()) == []

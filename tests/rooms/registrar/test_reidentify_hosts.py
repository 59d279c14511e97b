"""From tokens to people at the five hosts in this process: exactly those whom two officers listed, at each authority."""

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from protocol.encoding import b64u, unb64u
from protocol.messages.mailbox import SetSuspensions, Suspension
from protocol.messages.search import Open, OpeningPart
from protocol.names import AUTHORITIES, STORES, AuthorityName, HostName, StoreName
from protocol.split_seal import inner_hash, sealed_part
from registrar import signing_request
from registrar.errors import (
    AnswerRefused,
    HostError,
    OfficerError,
    QuotaExceeded,
    RegistrarError,
    RequestRefused,
    WindowClosed,
    WindowError,
)
from registrar.events import run_events
from registrar.home import Home
from registrar.hosts import Hosts, encode
from registrar.listed import open_about
from registrar.officer_lists import OfficerChain
from registrar.officers import load_officers
from registrar.reidentify import Contact, open_contacts, read_tokens, reidentify, seal_contacts, table_of
from registrar.reidentify_steps import next_step
from registrar.requests import open_request
from registrar.run import Run, running
from registrar.secret_files import keep_secret
from registrar.session import Session
from registrar.signing_request import SigningRequest
from registrar.tokens import seeds_of
from registrar.windows import Window, now_seconds
from rooms.registrar.five_hosts import FiveHosts
from rooms.registrar.lives import desk, given, member_with
from rooms.registrar.paperwork import row
from rooms.registrar.test_cli_hosts import command, listening
from rooms.registrar.test_search_hosts import opened_beforehand, person


async def tokens(hosts: FiveHosts, store: StoreName, *numbers: int) -> list[bytes]:
    """Return members' tokens at a store."""
    async with running(desk(hosts)) as run:
        seeds = await seeds_of(run, [member_with(hosts, number) for number in numbers])
    return [one[store].token for one in seeds]


async def suspend(hosts: FiveHosts, token: bytes) -> None:
    """Suspend a mailbox at anon-data."""
    async with running(desk(hosts)) as run:
        window = (await open_about(run.session, "suspend", {"anon-data": [token]}, ["fictional"]))["pseudonymous"]
        rows = (Suspension(token=token, suspended=True, subject=window.subject("anon-data", token)),)
        await run.session.hosts.tell("anon-data", window, "/suspensions", encode(SetSuspensions(rows=rows)))


async def seals(hosts: FiveHosts) -> dict[bytes, bytes]:
    """Return what lies beside each mailbox at anon-data."""
    return dict(await hosts.rows("anon-data", "SELECT token, number FROM mailbox"))


def summary(contacts: Sequence[Contact]) -> list[tuple[str, str]]:
    """Return state and name of each."""
    return [(one.state, one.profile.kana if one.profile else "") for one in contacts]


@pytest.mark.parametrize("store", STORES)
async def test_a_list_becomes_contacts(hosts: FiveHosts, tmp_path: Path, store: StoreName) -> None:
    """In the order of the list, with what the record says now; asking again says the same; only this home reads the file."""
    await given(hosts, tmp_path, *(person(number) for number in range(1, 6)))
    asked = await tokens(hosts, store, 4, 2)
    contacts = await reidentify(desk(hosts), store, [asked[0], bytes(32), asked[1]])
    again = await reidentify(desk(hosts), store, [asked[0], bytes(32), asked[1]])
    async with running(desk(hosts)) as run:
        sealed = seal_contacts(contacts, hosts.papers.deployment.insurer_key)
        read = list(csv.DictReader(io.StringIO(open_contacts(sealed, run.home.insurer))))
        with pytest.raises(RegistrarError):
            open_contacts(sealed[:-1] + bytes([sealed[-1] ^ 1]), run.home.insurer)

    assert (
        summary(contacts) == summary(again) == [("opened", person(4).kana_name), ("unknown", ""), ("opened", person(2).kana_name)]
    )
    assert [one["telephone"] for one in read] == ["00-0000-0004", "", "00-0000-0002"]
    assert person(4).address.encode() not in sealed


@pytest.mark.parametrize("host", AUTHORITIES)
async def test_parts_that_their_authority_did_not_sign(hosts: FiveHosts, tmp_path: Path, host: AuthorityName) -> None:
    """Somebody between here and an authority, who can seal to the window's key as anybody can, hands over no parts."""
    await given(hosts, tmp_path, person(1))
    asked = await tokens(hosts, "anon-data", 1)
    at = desk(hosts)
    another = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    authorities = dict(at.deployment.authorities)
    authorities[host] = authorities[host].model_copy(update={"signing": another})
    deployment = at.deployment.model_copy(update={"authorities": authorities})

    with pytest.raises(AnswerRefused, match=f"{host}: parts of sealed keys"):
        await reidentify(replace(at, deployment=deployment), "anon-data", asked)


async def test_suspended_and_erased_stay_closed(hosts: FiveHosts, tmp_path: Path) -> None:
    """They are reported and not opened: no authority counts them."""
    await given(hosts, tmp_path, person(1), person(2), person(3))
    asked = await tokens(hosts, "anon-data", 1, 2, 3)
    await suspend(hosts, asked[1])
    await given(hosts, tmp_path, person(1), person(2), row(3, lost=date(2026, 11, 1)))
    await run_events(desk(hosts, date(2031, 11, 1)))
    contacts = await reidentify(desk(hosts), "anon-data", asked)
    counted = await hosts.rows("keyvault", "SELECT quota, used FROM window_quota WHERE use = 'number'")

    assert [one.state for one in contacts] == ["opened", "suspended", "unknown"]
    assert counted == [(1, 1)]


async def openings(run: Run, window: Window, host: AuthorityName, listed: bytes, wanted: bytes) -> str:
    """Ask one authority for its part of a seal on the proof of a listed one; return what it says."""
    subject = window.subject(host, inner_hash(listed))
    part = OpeningPart(sealed=sealed_part(wanted, host), inner=inner_hash(wanted), subject=subject)
    try:
        await run.session.hosts.tell(host, window, "/openings", encode(Open(use="number", rows=(part,))))
    except QuotaExceeded:
        return "quota"
    except HostError as error:
        return error.problem
    except (WindowClosed, WindowError) as error:
        return type(error).__name__
    return "opened"


async def test_each_authority_refuses_what_is_not_listed(hosts: FiveHosts, tmp_path: Path) -> None:
    """Another seal, another use, once more than listed, a closed window, an expired one: refused by every one of the three."""
    await given(hosts, tmp_path, person(1), person(2))
    listed, other = (await seals(hosts)).values()
    asked: dict[HostName, list[bytes]] = {host: [inner_hash(listed)] for host in AUTHORITIES}
    async with running(desk(hosts)) as run:
        window = (await open_about(run.session, "reidentify", asked, ["fictional"]))["named"]
        search = (await run.session.windows("search", {"named": {"open": 9}, "pseudonymous": {}})).named
        for host in AUTHORITIES:
            said = [await openings(run, window, host, listed, wanted) for wanted in (other, listed, listed)]
            record = OpeningPart(sealed=sealed_part(listed, host), inner=inner_hash(listed))
            with pytest.raises(QuotaExceeded):
                await run.session.hosts.tell(host, window, "/openings", encode(Open(rows=(record,))))
            with pytest.raises(HostError) as unlisted:
                await run.session.hosts.tell(host, search, "/openings", encode(Open(use="number", rows=(record,))))
            assert (said, unlisted.value.problem) == (["subject-refused", "opened", "quota"], "subject-refused")
        fresh = (await open_about(run.session, "reidentify", asked, ["fictional"]))["named"]
        for host in AUTHORITIES:
            await hosts.rows(host, "UPDATE registrar_window SET expires = 1 WHERE id = $1", fresh.id)
            assert await openings(run, fresh, host, listed, listed) == "WindowClosed"


async def test_officers_of_the_list_sign(hosts: FiveHosts, tmp_path: Path) -> None:
    """Without officers, or with one who is not on the list, nothing is asked of any host."""
    await given(hosts, tmp_path, person(1))
    asked = await tokens(hosts, "anon-data", 1)
    stranger = tmp_path / "stranger.key"
    keep_secret(stranger)
    hosts.calls.clear()
    nobody = replace(desk(hosts), officers=())
    strangers = replace(desk(hosts), officers=[hosts.papers.officers[0], stranger])
    with pytest.raises(RegistrarError):
        await reidentify(nobody, "anon-data", asked)
    with pytest.raises(OfficerError):
        await reidentify(strangers, "anon-data", asked)

    assert hosts.calls == []


async def signed_elsewhere(hosts: FiveHosts, path: Path, signers: int = 2) -> signing_request.Reading:
    """Let officers read and sign a request on their own machines, and open what came back; return what they were shown."""
    papers, request = hosts.papers, SigningRequest.load(path)
    reading = signing_request.read(request, papers.deployment, now_seconds())
    for officer in load_officers(papers.officers, papers.deployment.officers)[:signers]:
        signed = {place: zone.signed.signed_by(officer.id, officer.key) for place, zone in enumerate(request.zones)}
        request = request.with_signatures(signed)
    request.save(path)
    home = Home.load(papers.home)
    async with Hosts(papers.deployment, hosts.mounts) as calls:
        chain = OfficerChain.load(papers.home, papers.deployment)
        await open_request(Session(papers.deployment, calls, home.windows), home, chain, path)
    return reading


async def test_officers_sign_elsewhere(hosts: FiveHosts, tmp_path: Path) -> None:
    """Two requests, each about exactly these, and nothing is asked of a host before; then contacts, and nothing of it is left."""
    await given(hosts, tmp_path, *(person(number) for number in range(1, 5)))
    asked = [*await tokens(hosts, "anon-data", 4, 2), bytes(32)]
    alone, request = replace(desk(hosts), officers=()), tmp_path / "request.json"
    hosts.calls.clear()
    steps = [await next_step(alone, "anon-data", asked, request)]
    before = list(hosts.calls)
    whole = SigningRequest.load(request)
    with pytest.raises(RequestRefused, match="zones"):
        signing_request.read(whole.model_copy(update={"zones": whole.zones * 2}), hosts.papers.deployment, now_seconds())
    with pytest.raises(WindowError):
        await signed_elsewhere(hosts, request, signers=1)
    shown = [await signed_elsewhere(hosts, request)]
    steps.append(await next_step(alone, "anon-data", asked, request))
    shown.append(await signed_elsewhere(hosts, request))
    with pytest.raises(WindowError, match="search"):
        await next_step(alone, "anon-data", asked, request)
    unspent = await hosts.rows("keyvault", "SELECT quota, used FROM window_quota WHERE use = 'number'")
    await opened_beforehand(hosts, "search", members=2)
    contacts = await next_step(alone, "anon-data", asked, request)
    left = list((hosts.papers.home / "reidentify").iterdir())

    assert (steps, before, left) == ([None, None], [], [])
    assert [(list(one.manifests), len(one.people)) for one in shown] == [(["pseudonymous"], 3), (["named"], 2)]
    assert unspent == [(2, 0)]
    assert summary(contacts or ()) == [("opened", person(4).kana_name), ("opened", person(2).kana_name), ("unknown", "")]
    assert await next_step(alone, "anon-data", asked, request) is None


async def test_a_window_is_about_its_list(hosts: FiveHosts, tmp_path: Path) -> None:
    """What was signed for one list opens no other, not even a part of it; what was kept between says nothing by itself."""
    await given(hosts, tmp_path, person(1), person(2), person(3))
    asked = await tokens(hosts, "anon-data", 1, 2)
    alone, request = replace(desk(hosts), officers=()), tmp_path / "request.json"
    await next_step(alone, "anon-data", asked, request)
    await signed_elsewhere(hosts, request)
    hosts.calls.clear()
    others = [asked[:1], [*asked, bytes(32)], await tokens(hosts, "anon-data", 1, 3)]
    hosts.calls.clear()
    for other in others:
        assert await next_step(alone, "anon-data", other, tmp_path / "other.json") is None
    assert hosts.calls == []
    assert await next_step(alone, "anon-data", asked, request) is None
    (kept,) = (hosts.papers.home / "reidentify").iterdir()
    text = kept.read_text(encoding="ascii")

    assert hosts.calls == ["POST anon-data/numbers"]
    assert kept.stat().st_mode & 0o777 == 0o600
    assert not [token for token in asked if b64u(token) in text or token in unb64u(text)]


async def test_the_command(hosts: FiveHosts, tmp_path: Path) -> None:
    """It writes a file that says nothing by itself, and shows it; a line that is no token is named and not echoed."""
    await given(hosts, tmp_path, person(7), person(8))
    (asked,) = await tokens(hosts, "anon-data", 7)
    table, bad, out = tmp_path / "list.csv", tmp_path / "bad.csv", tmp_path / "contacts"
    table.write_text(f"token,level\n{b64u(asked)},2\n{b64u(asked)},2\n", encoding="utf-8")
    bad.write_text(f"{b64u(asked)}\n架空谷\n", encoding="utf-8")
    officers = [part for path in hosts.papers.officers for part in ("--officer", str(path))]
    async with listening(hosts):
        opened = await command(hosts, "reidentify", "open", str(table), "-o", str(out), *officers)
        refused = await command(hosts, "reidentify", "open", str(bad), "-o", str(tmp_path / "none"), *officers)
        shown = await command(hosts, "reidentify", "show", str(out))

    assert (opened[0], "1 opened" in opened[1], out.stat().st_mode & 0o777) == (0, True, 0o600)
    assert (shown[0], "00-0000-0007" in shown[1]) == (0, True)
    assert (refused[0], "line 2" in refused[1], "架空谷" in refused[1]) == (1, True, False)


def test_a_list_of_nobody(tmp_path: Path) -> None:
    """An empty table is refused before anybody signs."""
    (tmp_path / "empty.csv").write_text("token\n", encoding="utf-8")
    with pytest.raises(RegistrarError):
        read_tokens(tmp_path / "empty.csv")

    assert table_of([]).count("\n") == 1

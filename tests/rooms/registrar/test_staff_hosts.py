"""The staff list from a colleague's enrolment file to both stores, past two officers on their own machines."""

import json
import os
from pathlib import Path

from protocol.encoding import b64u
from protocol.messages.staff import StaffEnrolment
from protocol.names import STORES
from protocol.staff import passkey_print
from registrar.staff_lists import STAFF
from rooms.registrar.five_hosts import FiveHosts
from rooms.registrar.test_cli_hosts import command, listening
from support.software_authenticator import NewCredential, SoftwareAuthenticator

OFFICER = "registrar.officer_cli.app"
ROLES = ("--role", "anon-data=analyst", "--role", "anon-data=office", "--role", "programs=program-manager")


def enrolment(folder: Path, name: str) -> tuple[Path, NewCredential]:
    """Write what a colleague gives the registrar."""
    made = SoftwareAuthenticator().credential("staff.localhost")
    subjects = {store: os.urandom(32) for store in STORES}
    file = folder / f"{name}.json"
    enrolled = StaffEnrolment(credential_id=made.credential_id, public_key=made.public_key, subjects=subjects)
    file.write_text(enrolled.model_dump_json(), encoding="utf-8")
    return file, made


async def sign(hosts: FiveHosts, file: Path, which: int) -> tuple[int | None, str]:
    key = str(hosts.papers.officers[which])
    return await command(hosts, "staff", "sign", str(file), "--key", key, "--yes", "--lang", "en", module=OFFICER)


async def lists(hosts: FiveHosts) -> list[list[tuple[int]]]:
    return [await hosts.rows(store, "SELECT number FROM staff_list") for store in STORES]


async def test_a_colleague_comes_and_goes(hosts: FiveHosts, tmp_path: Path) -> None:
    """Officers see id, roles and the passkey's print; both stores take the list with two signatures, and the next without them."""
    enrolled, made = enrolment(tmp_path, "one")
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    async with listening(hosts):
        proposed = await command(hosts, "staff", "propose", "--add", str(enrolled), "--as", "desk-1", *ROLES, "-o", str(first))
        shown = [await sign(hosts, first, which) for which in (0, 1)]
        published = await command(hosts, "staff", "publish", str(first))
        there = await lists(hosts)
        await command(hosts, "staff", "propose", "--remove", "desk-1", "-o", str(second))
        removal = [await sign(hosts, second, which) for which in (0, 1)]
        again = [await command(hosts, "staff", "publish", *file) for file in ([str(second)], [])]
        gone = await lists(hosts)

    assert (proposed[0], published[0]) == (0, 0), published[1]
    assert "added: desk-1 anon-data: analyst, office; programs: program-manager" in shown[0][1]
    assert b64u(passkey_print(made.credential_id, made.public_key)) in shown[0][1]
    assert ("1 of 2" in shown[0][1], "2 of 2" in shown[1][1], "removed: desk-1" in removal[0][1]) == (True, True, True)
    assert [code for code, _ in again] == [0, 0]
    assert (there, gone) == ([[(1,)]] * 2, [[(2,)]] * 2)


async def test_one_officer_publishes_nothing(hosts: FiveHosts, tmp_path: Path) -> None:
    """With one signature nothing leaves the workstation, and nothing is kept there."""
    enrolled, _ = enrolment(tmp_path, "one")
    file = tmp_path / "first.json"
    async with listening(hosts):
        await command(hosts, "staff", "propose", "--add", str(enrolled), "--as", "desk-1", *ROLES, "-o", str(file))
        await sign(hosts, file, 0)
        code, said = await command(hosts, "staff", "publish", str(file))

    assert (code, "two officers must sign" in said) == (1, True)
    assert (await lists(hosts), (hosts.papers.home / "staff.json").exists()) == ([[], []], False)


async def test_what_cannot_be_proposed(hosts: FiveHosts, tmp_path: Path) -> None:
    """A role or store that there is not, somebody unknown, and a file that is something else are refused with a sentence."""
    enrolled, _ = enrolment(tmp_path, "one")
    other = tmp_path / "other.json"
    other.write_text("{}", encoding="utf-8")
    add = ("--add", str(enrolled), "--as", "desk-1")
    wrong = [
        (*add, "--role", "anon-data=director"),
        (*add, "--role", "gateway=analyst"),
        (*add, "--role", "analyst"),
        add,
        ("--add", str(enrolled), "--as", "架空 花子", *ROLES),
        ("--add", str(other), "--as", "desk-1", *ROLES),
        ("--remove", "desk-7"),
    ]
    async with listening(hosts):
        answers = [await command(hosts, "staff", "propose", *each, "-o", str(tmp_path / "p.json")) for each in wrong]

    assert [(code, "error:" in said) for code, said in answers] == [(1, True)] * len(wrong)
    assert not (tmp_path / "p.json").exists()


async def test_a_file_that_was_changed_on_the_way(hosts: FiveHosts, tmp_path: Path) -> None:
    """An officer signs nothing that another's signature in the file is not about, nor a list for other origins."""
    enrolled, _ = enrolment(tmp_path, "one")
    file = tmp_path / "first.json"
    async with listening(hosts):
        await command(hosts, "staff", "propose", "--add", str(enrolled), "--as", "desk-1", *ROLES, "-o", str(file))
        await sign(hosts, file, 0)
        proposal = STAFF.load_proposal(file)
        content = json.loads(proposal.proposed.staff)
        refused = []
        changes: list[dict[str, object]] = [{"passkeys": []}, {"origins": ["https://elsewhere.example"]}, {"number": 0}]
        for change in changes:
            raw = json.dumps({**content, **change}).encode()
            proposal.model_copy(update={"proposed": proposal.proposed.model_copy(update={"staff": raw})}).save(file)
            refused.append(await sign(hosts, file, 1))

    assert [code for code, _ in refused] == [1, 1, 1]
    assert "signature" in refused[0][1]
    assert "no proposal of a staff list" in refused[1][1]

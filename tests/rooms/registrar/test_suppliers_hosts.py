"""The list of suppliers from a supplier's file to programs, past two officers on their own machines."""

from pathlib import Path

from protocol.encoding import b64u
from protocol.jose import generate_p256
from protocol.sealing import XWingPrivateKey
from protocol.suppliers import Supplier
from rooms.registrar.five_hosts import FiveHosts
from rooms.registrar.test_cli_hosts import command, listening
from warifu.supplier import entry

OFFICER = "registrar.officer_cli.app"


def supplier(folder: Path, name: str) -> tuple[Path, Supplier]:
    """Write what a supplier gives the registrar."""
    made, file = entry(name, "架空商店", generate_p256(), XWingPrivateKey.generate()), folder / f"{name}.json"
    file.write_text(made.model_dump_json(), encoding="utf-8")
    return file, made


async def sign(hosts: FiveHosts, file: Path, which: int) -> tuple[int | None, str]:
    key = str(hosts.papers.officers[which])
    return await command(hosts, "suppliers", "sign", str(file), "--key", key, "--yes", "--lang", "en", module=OFFICER)


async def test_a_supplier_comes_and_goes(hosts: FiveHosts, tmp_path: Path) -> None:
    """Officers see names and keys; programs takes the list with two signatures, not with one, and the next without the shop."""
    file, made = supplier(tmp_path, "shop")
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    async with listening(hosts):
        await command(hosts, "suppliers", "propose", "--add", str(file), "-o", str(first))
        shown = await sign(hosts, first, 0)
        alone = await command(hosts, "suppliers", "publish", str(first))
        await sign(hosts, first, 1)
        published = [await command(hosts, "suppliers", "publish", *args) for args in ([str(first)], [])]
        there = await hosts.rows("programs", "SELECT number FROM supplier_list")
        await command(hosts, "suppliers", "propose", "--remove", "shop", "-o", str(second))
        removal = [await sign(hosts, second, which) for which in (0, 1)]
        gone = await command(hosts, "suppliers", "publish", str(second))
        nobody = await command(hosts, "suppliers", "propose", "--remove", "nobody", "-o", str(second))
    now = await hosts.rows("programs", "SELECT number, content FROM supplier_list")

    assert [code for code, _ in published] == [0, 0]
    assert (b64u(made.key_id) in shown[1], b64u(made.request_jkt) in shown[1], "1 of 2" in shown[1]) == (True, True, True)
    assert (alone[0], "two officers must sign" in alone[1], there) == (1, True, [(1,)])
    assert ("removed: shop" in removal[0][1], gone[0], nobody[0]) == (True, 0, 1)
    assert (now[0][0], b"shop" in now[0][1]) == (2, False)


async def test_what_is_no_suppliers_file(hosts: FiveHosts, tmp_path: Path) -> None:
    """A file that is something else is refused by the registrar, and by the officers' command."""
    other = tmp_path / "other.json"
    other.write_text("{}", encoding="utf-8")
    proposed = await command(hosts, "suppliers", "propose", "--add", str(other), "-o", str(tmp_path / "out.json"))
    signed = await sign(hosts, other, 0)

    assert (proposed[0], "no supplier's file" in proposed[1]) == (1, True)
    assert (signed[0], "no proposal of a list of suppliers" in signed[1]) == (1, True)

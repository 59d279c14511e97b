"""Gathers the truth about a world, from everything at once: the insurer's files and roster, all roots, all disks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from protocol.bundle import Bundle
from protocol.encoding import EncodingError, unb64u
from protocol.names import AUTHORITIES, HOSTS, STORES, AuthorityName, HostName

from drill.floor import Floor
from drill.scan import files_below
from drill.seizure import Seizure
from drill.truth import Person, Truth, WaysIn
from drill.ways import Wallet
from drill.world import World

_COSE_COORDINATE = 32
"""The last bytes of an ES256 key: all keys begin alike."""


def truth_of(world: World, seizure: Seizure | None) -> Truth:
    """Return who is who, those who were erased excepted; with a seizure of all hosts also every member's secrets."""
    roots = {host: _secrets(world, host) for host in HOSTS}
    floor = Floor(seizure) if seizure else None
    kept = {host: _verifiers(seizure, host) for host in AUTHORITIES} if seizure else {}
    order = {number: place for place, number in enumerate(world.first_logins)}
    persons, erased = [], []
    for someone in world.people:
        ids: dict[HostName, bytes] = {host: someone.refs[host] for host in AUTHORITIES}
        ids |= {store: someone.tokens[store] for store in STORES}
        if someone.number in world.erased:
            erased.append(ids)
            continue
        opened = floor.bundle(someone.refs) if floor else None
        persons.append(
            Person(
                number=someone.number,
                plaintexts=someone.plaintexts,
                words=someone.words,
                work_id=someone.work_id,
                ids=ids,
                secrets=_held(*opened) if opened else (),
                ways=_ways({host: kept[host].get(someone.refs[host], []) for host in kept}, world.wallets.get(someone.number)),
                first_login=order.get(someone.number),
                guarded=someone.guarded,
            )
        )
    restore: dict[str, bytes] = {
        host: unb64u(world.system.layout.restore_key(host).read_text(encoding="ascii").strip(), 32) for host in HOSTS
    }
    return Truth(persons, roots, restore, erased)


@dataclass(frozen=True)
class _Kept:
    """A verifier as an authority keeps it."""

    kind: str
    id: bytes
    public_key: bytes | None


def _verifiers(seizure: Seizure, host: AuthorityName) -> dict[bytes, list[_Kept]]:
    """Return what an authority keeps of each member's ways to sign in, by reference."""
    found: dict[bytes, list[_Kept]] = {}
    for row in seizure[host].tables["verifier"].rows:
        values = dict(zip(seizure[host].tables["verifier"].columns, row.values, strict=True))
        found.setdefault(values["ref"], []).append(_Kept(values["kind"], values["id"], values["public_key"]))
    return found


def _ways(kept: Mapping[AuthorityName, Sequence[_Kept]], wallet: Wallet | None) -> WaysIn:
    return WaysIn(
        nobody=() if wallet is None else tuple(_at_home(wallet)),
        own={
            host: tuple(one.public_key for one in of_host if one.public_key and one.kind != "passkey")
            for host, of_host in kept.items()
        },
        named=tuple(
            value
            for one in kept.get("keyvault", ())
            for value in (one.id, one.public_key[-_COSE_COORDINATE:] if one.public_key and one.kind == "passkey" else None)
            if value is not None
        ),
        card=None if wallet is None else wallet.card,
    )


def _at_home(wallet: Wallet) -> Iterator[bytes]:
    """Yield what only the member has: codes in each spelling, and what follows from them; passkeys' credential ids."""
    for code, pin in wallet.codes:
        yield from (code._secret, code.qr.encode(), code.text.encode())
        yield from (code.keys(host).handle for host in AUTHORITIES)
        if pin is not None:
            yield from (pin.encode(), code._stretch(pin))
    if wallet.phone is not None:
        yield from wallet.phone.credentials


def _held(bundle: Bundle, member_key: bytes) -> tuple[bytes, ...]:
    """Return what only the member's device may hold."""
    readers = [key for keys in bundle.readers.values() for key in keys]
    return (member_key, bundle.record_key, *bundle.seeds.values(), *readers, *(key for key in (bundle.mailbox, bundle.log) if key))


def _secrets(world: World, host: str) -> tuple[bytes, ...]:
    found = []
    for path in files_below(world.system.layout.host(host).secrets):
        try:
            found.append(unb64u(path.read_text(encoding="ascii").strip(), 32))
        except (EncodingError, UnicodeDecodeError):
            continue
    return tuple(found)

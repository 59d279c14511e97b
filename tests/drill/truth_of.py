"""Gathers the truth about a world, from everything at once: the insurer's files and roster, all roots, all disks."""

from pathlib import Path

from local import population
from protocol.bundle import Bundle
from protocol.derive import hkdf
from protocol.encoding import EncodingError, lp, unb64u
from protocol.names import AUTHORITIES, HOSTS, STORES, AuthorityName, HostName
from protocol.oprf import evaluator
from protocol.roots import RawRoot
from protocol.tokens import USE_MEMBER, TokenSeed
from registrar.home import Home
from registrar.importers import Accepted, EligibilityRow, find

from drill.floor import Floor
from drill.scan import files_below
from drill.seizure import Seizure
from drill.truth import Person, Truth
from drill.world import World


def truth_of(world: World, seizure: Seizure | None) -> Truth:
    """Return who is who; with a seizure of all hosts also every member's secrets."""
    layout = world.system.layout
    roots = {host: _secrets(world, host) for host in HOSTS}
    evaluators = [evaluator(_root(world, host), USE_MEMBER) for host in AUTHORITIES]
    floor = Floor(seizure) if seizure else None
    roster = Home.load(layout.registrar).roster()
    order = {work_id: place for place, work_id in enumerate(world.first_logins)}
    persons = []
    for row in _eligibility(population.files(layout)[0]):
        member = roster.find(row.member)
        if member is None:
            continue
        y = hkdf(b"".join(one.evaluate_known_input(member.anchor.x) for one in evaluators), lp("F", USE_MEMBER))
        ids: dict[HostName, bytes] = {host: member.refs[host] for host in AUTHORITIES}
        ids |= {store: TokenSeed.from_evaluation(y, store).token for store in STORES}
        opened = floor.bundle(member.refs) if floor else None
        persons.append(
            Person(
                number=member.anchor,
                plaintexts=tuple(text for text in (row.kana_name, row.kanji_name, row.telephone, row.email) if text),
                work_id=row.work_id or None,
                ids=ids,
                secrets=_held(*opened) if opened else (),
                first_login=order.get(row.work_id),
            )
        )
    roster.close()
    return Truth(persons, roots)


def _held(bundle: Bundle, member_key: bytes) -> tuple[bytes, ...]:
    """Return what only the member's device may hold."""
    readers = [key for keys in bundle.readers.values() for key in keys]
    return (member_key, bundle.record_key, *bundle.seeds.values(), *readers, *(key for key in (bundle.mailbox, bundle.log) if key))


def _eligibility(path: Path) -> list[EligibilityRow]:
    importer = find(path)
    assert importer is not None
    return [one.row for one in importer.read(path) if isinstance(one, Accepted) and isinstance(one.row, EligibilityRow)]


def _root(world: World, host: AuthorityName) -> RawRoot:
    return RawRoot(unb64u((world.system.layout.host(host).secrets / "root").read_text(encoding="ascii").strip(), 32))


def _secrets(world: World, host: str) -> tuple[bytes, ...]:
    found = []
    for path in files_below(world.system.layout.host(host).secrets):
        try:
            found.append(unb64u(path.read_text(encoding="ascii").strip(), 32))
        except (EncodingError, UnicodeDecodeError):
            continue
    return tuple(found)

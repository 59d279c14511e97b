"""Tries to open bundles and records with fewer than three shares."""

from collections.abc import Iterator, Mapping
from itertools import product

from protocol.bundle import Bundle
from protocol.names import AUTHORITIES, AuthorityName
from protocol.sealing import OpenError
from protocol.shares import SALT_BYTES, member_key, share

from drill.attack import AtRest
from drill.criteria import Outcome, exact
from drill.floor import Floor
from drill.seizure import Seizure
from drill.truth import Person, Truth


def _known(floor: Floor, held: list[AuthorityName], person: Person, version: int) -> dict[AuthorityName, bytes]:
    """Return the shares of the seized authorities, from their roots and salts."""
    shares = {}
    for host in held:
        salt = floor.salt(host, person.ids[host], version)
        if salt is not None:
            shares[host] = share(floor.root(host), salt, host, person.ids[host], version)
    return shares


def _stand_ins(floor: Floor, held: list[AuthorityName], person: Person, version: int, host: AuthorityName) -> Iterator[bytes]:
    """Return what might pass for the share of a host that was not seized."""
    yield b""
    yield bytes(32)
    for other in held:
        salt = floor.salt(other, person.ids[other], version) or bytes(SALT_BYTES)
        yield share(floor.root(other), salt, other, person.ids[other], version)
        yield share(floor.root(other), salt, host, person.ids[other], version)


def _opens(floor: Floor, held: list[AuthorityName], person: Person) -> bool:
    for version, sealed in floor.bundles_of(person.ids["keyvault"]).items():
        known = _known(floor, held, person, version)
        missing = [host for host in AUTHORITIES if host not in known]
        for guess in product(*(_stand_ins(floor, held, person, version, host) for host in missing)):
            shares: Mapping[AuthorityName, bytes] = known | dict(zip(missing, guess, strict=True))
            try:
                Bundle.open(sealed, member_key(shares, version), person.ids["keyvault"], version)
            except OpenError:
                continue
            return True
    return False


def _run(seizure: Seizure, truth: Truth) -> Outcome:
    held = [host for host in AUTHORITIES if host in seizure.hosts]
    if "keyvault" not in held:
        return exact(0, len(truth.persons), "bundles opened: none was seized")
    floor = Floor(seizure)
    opened = sum(_opens(floor, held, person) for person in truth.persons)
    return exact(opened, len(truth.persons), "bundles opened without all three shares")


ATTACK = AtRest(
    "missing-shares",
    "Opens bundles with the shares of the seized authorities, the others left out, zero, or made from the wrong root.",
    _run,
)

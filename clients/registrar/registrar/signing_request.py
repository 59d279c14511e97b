"""A signing request: the file in which a window travels to officers on other machines, and comes back signed.

It holds both zones' manifests and, where the window is about people, a label for each entry of the subject lists, so that an
officer sees names and not hashes. To re-identify it holds one: whom the second is about is known in the first alone. Entries stand
there as the hashes of their leaves: neither a reference nor a token travels, and whoever finds the file cannot tell what any host
calls a person. That an entry belongs to the person on its label is the registrar's word; how many there are, and that no others
are on the list, is not.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from protocol import merkle, strict_json
from protocol.deployment import B64, Deployment
from protocol.manifest import WITH_SUBJECTS, Manifest, ManifestRefused, SignedManifest
from protocol.messages.base import Bytes32, Bytes64, Message
from protocol.messages.officers import Officers
from protocol.names import HostName, Zone, zone_of
from protocol.subjects import SubjectList
from pydantic import Field, ValidationError

from .errors import OfficerError, RequestRefused
from .officer_lists import OfficerChain, signed_lists
from .secret_files import read_private, write_private

Labels = Mapping[tuple[HostName, bytes], str]
"""Who is meant, in words for a person, by host and what the host knows them by."""


class Entry(Message):
    """One entry of a subject list."""

    host: HostName
    leaf: Bytes32
    """Hash of the entry's leaf (RFC 9162 section 2.1.1)."""
    label: Annotated[str, Field(min_length=1, max_length=200)]


class ZoneRequest(Message):
    """One zone's manifest, whoever signed it so far."""

    manifest: B64
    signatures: dict[str, Bytes64]
    subjects: tuple[Entry, ...] = ()
    """In the order of the list."""

    @property
    def signed(self) -> SignedManifest:
        """The manifest as it goes to the hosts."""
        return SignedManifest(self.manifest, dict(self.signatures))


class SigningRequest(Message):
    """The file's content."""

    v: Literal[1] = 1
    officers: tuple[Officers, ...] = ()
    """The officers' lists after the pinned one, so that every officer can follow them."""
    zones: Annotated[tuple[ZoneRequest, ...], Field(min_length=1, max_length=2)]

    @classmethod
    def load(cls, path: Path) -> "SigningRequest":
        """Read a file; raise ``RequestRefused`` when it is no request."""
        try:
            return cls.model_validate(strict_json.loads_object(read_private(path).encode()))
        except (ValidationError, strict_json.JsonRefused):
            raise RequestRefused("not-a-request") from None

    def save(self, path: Path) -> None:
        """Write the file, for its owner alone: it names people."""
        write_private(path, self.model_dump_json(indent=1))

    def with_signatures(self, by_zone: Mapping[int, SignedManifest]) -> "SigningRequest":
        """Return the request with these manifests' signatures, by the zone's place in the file."""
        zones = tuple(
            zone.model_copy(update={"signatures": dict(by_zone[place].signatures)}) for place, zone in enumerate(self.zones)
        )
        return self.model_copy(update={"zones": zones})


@dataclass(frozen=True)
class Reading:
    """What a request says, after everything that can be checked was checked."""

    chain: OfficerChain
    manifests: dict[Zone, Manifest]
    people: tuple[str, ...]
    """The labels, each once, in the order of the alphabet."""
    signers: dict[Zone, tuple[str, ...]]


def entries(listed: SubjectList, labels: Labels) -> tuple[Entry, ...]:
    """Return a list's entries as they stand in a request."""
    return tuple(Entry(host=one.host, leaf=merkle.leaf_hash(one.leaf), label=labels[one.host, one.id]) for one in listed.entries)


def read(request: SigningRequest, deployment: Deployment, now: int) -> Reading:
    """Check everything that an officer can check; raise ``RequestRefused`` with the code of the first thing that is wrong."""
    try:
        chain = OfficerChain.of(deployment, signed_lists(request.officers))
    except OfficerError:
        raise RequestRefused("officers") from None
    manifests: dict[Zone, Manifest] = {}
    signers: dict[Zone, tuple[str, ...]] = {}
    people: list[frozenset[str]] = []
    for zone in request.zones:
        try:
            manifest = zone.signed.read()
            zone.signed.signers(chain.current)
        except ManifestRefused:
            raise RequestRefused("manifest") from None
        _check_one(manifest, chain, deployment, now)
        people.append(_check_subjects(zone, manifest))
        manifests[manifest.zone] = manifest
        signers[manifest.zone] = tuple(sorted(zone.signatures))
    # Two of one zone: what is shown would not be all that is signed.
    if len(manifests) != len(request.zones):
        raise RequestRefused("zones")
    _check_both(list(manifests.values()))
    if any(one != people[0] for one in people):
        raise RequestRefused("people-differ")
    return Reading(chain, manifests, tuple(sorted(people[0])), signers)


def _check_one(manifest: Manifest, chain: OfficerChain, deployment: Deployment, now: int) -> None:
    if list(manifest.origins) != deployment.sorted_origins:
        raise RequestRefused("origins")
    if manifest.officer_list != chain.current.number:
        raise RequestRefused("list-number")
    # Longer than twelve hours, it is no manifest; a begin in the future would make it longer than it looks.
    if not manifest.not_before <= now < manifest.expires:
        raise RequestRefused("times")


def _check_subjects(zone: ZoneRequest, manifest: Manifest) -> frozenset[str]:
    if manifest.purpose not in WITH_SUBJECTS:
        if zone.subjects:
            raise RequestRefused("subjects")
        return frozenset()
    if (
        len(zone.subjects) != manifest.subject_count
        or merkle.root_of_hashes([one.leaf for one in zone.subjects]) != manifest.subjects
    ):
        raise RequestRefused("subjects")
    labels = frozenset(one.label for one in zone.subjects)
    places = {(one.host, one.label) for one in zone.subjects}
    if len(places) != len(zone.subjects) or any(zone_of(one.host) != manifest.zone for one in zone.subjects):
        raise RequestRefused("subjects-twice")
    if not all(label.isprintable() for label in labels):
        raise RequestRefused("labels")
    # One repetition of each row has room, for an answer that was lost.
    if any(quota > 2 * len(labels) for quota in manifest.quotas.values()):
        raise RequestRefused("quotas")
    return labels


def _check_both(manifests: list[Manifest]) -> None:
    if len(manifests) != 2 and manifests[0].purpose != "reidentify":
        raise RequestRefused("zones")
    if manifests[0].purpose != manifests[-1].purpose:
        raise RequestRefused("zones")
    shared = [{one.id, one.request_jkt, one.hpke} for one in manifests]
    if len(shared) == 2 and shared[0] & shared[1]:
        raise RequestRefused("zones-share")

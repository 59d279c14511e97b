"""Windows: what the registrar may do, where, how often and until when, each zone by a manifest of its own.

The two zones' manifests share nothing: other id, other request key, other HPKE key, other begin and end, so that no row or log
line of one zone leads to a window of the other.
"""

import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from joserfc.jwk import ECKey
from protocol.deployment import Deployment
from protocol.jose import generate_p256, thumbprint
from protocol.manifest import LONGEST_SECONDS, WITH_SUBJECTS, Manifest, Purpose, SignedManifest
from protocol.messages.base import BATCH_ROWS
from protocol.names import HOSTS, HostName, Zone, zone_of
from protocol.oprf import BATCH_MAX
from protocol.sealing import XWingPrivateKey
from protocol.search import CHANGING, FIELDS
from protocol.subjects import SubjectList, SubjectProof
from protocol.times import SKEW

from .batches import EVALUATIONS_AT_A_TIME
from .errors import WindowError
from .officers import Officer

DEFAULT_SECONDS = 2 * 3600
ZONES: tuple[Zone, ...] = ("named", "pseudonymous")

Quotas = Mapping[str, int]
Clock = Callable[[], int]
"""Tells the time in seconds since 1970."""


@dataclass(frozen=True)
class Window:
    """One zone's window with the keys that only the workstation has."""

    id: bytes
    zone: Zone
    purpose: Purpose
    expires: int
    quotas: dict[str, int]
    request_key: ECKey = field(repr=False)
    """P-256: signs every call."""
    hpke_seed: bytes = field(repr=False)
    """Seed of the X-Wing key to which hosts seal their answers."""
    subjects: SubjectList | None = field(default=None, repr=False)
    """Whom the window is about, for the purposes about people."""

    def subject(self, host: HostName, subject: bytes) -> SubjectProof:
        """Return what a row about somebody carries; raise ``WindowError`` when the window is not about them."""
        try:
            if self.subjects is not None:
                return self.subjects.proof(host, subject)
        except KeyError:
            pass
        raise WindowError(f"the window for {self.purpose} is not about this person")

    @property
    def hpke(self) -> XWingPrivateKey:
        """The key that opens the hosts' answers."""
        return XWingPrivateKey(self.hpke_seed)

    @property
    def hosts(self) -> tuple[HostName, ...]:
        """The hosts of the zone."""
        return tuple(host for host in HOSTS if zone_of(host) == self.zone)

    def check_open(self, now: int) -> None:
        """Raise ``WindowError`` when the window's time is over."""
        if now >= self.expires:
            raise WindowError(f"the window for {self.purpose} has expired; open a new one and run the same command again")


def quotas_of(
    purpose: Purpose,
    *,
    members: int = 0,
    signing_in: int = 0,
    checkups: int = 0,
    claims: int = 0,
    guidance: int = 0,
    screenings: int = 0,
    withdrawn: int = 0,
    updated: int = 0,
    profiles: int = 0,
    addressed: int = 0,
    rostered: int = 0,
    facts: int = 0,
    indexed: int = 0,
    opened: int | None = None,
    epochs: int = 1,
) -> dict[Zone, dict[str, int]]:
    """Return each zone's quotas for so many people and things that a command is about to do something with.

    ``signing_in`` people are enrolled twice at the gateway: the second time with what lets them sign in. Where a host counts
    a repeated call again, there is room for the calls under way, no more: an answer that was lost once does not end the
    import. A mailbox that is open already is not counted, so ``mailbox`` is exact.

    Members are searches where the purpose is ``search``: each is counted when its word is evaluated and when it is looked for. They
    open one record each, or ``opened`` in all, and no more; while two ``epochs`` of search keys are valid, each word is evaluated
    in both.
    """
    evaluated = members + min(members, EVALUATIONS_AT_A_TIME * BATCH_MAX)
    match purpose:
        case "enrol":
            named = {"member": evaluated, "enrol": _repeated(members, signing_in)}
            named |= {"index": _indexed(len(FIELDS), indexed)} if indexed else {}
            return {
                "named": named | _some(withdraw=withdrawn, update=updated),
                "pseudonymous": {"mailbox": members} | _some(roster=rostered),
            }
        case "ingest":
            return {
                "named": {"member": evaluated}
                | _some(profile=profiles)
                | ({"index": _indexed(len(CHANGING), profiles) + _indexed(len(FIELDS), indexed)} if profiles or indexed else {}),
                "pseudonymous": {"checkup": _repeated(checkups)}
                | _some(**{"medical-claim": claims}, guidance=guidance, screening=screenings, fact=facts, withdraw=withdrawn),
            }
        case "message":
            # Nobody is counted twice: a repeated call addresses whoever was not addressed before.
            return {"named": {}, "pseudonymous": {"message": addressed}}
        case "search":
            return {"named": {"search": (epochs + 1) * members, "open": members if opened is None else opened}, "pseudonymous": {}}
        case "reidentify":
            # Exactly those whom the officers listed, each once: an answer that is lost ends the command.
            return {"named": {"number": members}, "pseudonymous": {"number": members}}
        case _:
            return {"named": {purpose: _repeated(members)}, "pseudonymous": {purpose: _repeated(members)}}


def _repeated(rows: int, more: int = 0) -> int:
    """Return a quota with room for one repetition of the batch under way."""
    return rows + more + min(rows, BATCH_ROWS)


def _indexed(fields: int, rows: int) -> int:
    """Return a quota for so many rows of the search index: each of their words is evaluated, then they are stored."""
    return fields * (rows + min(rows, EVALUATIONS_AT_A_TIME * BATCH_MAX)) + _repeated(rows)


def _some(**uses: int) -> dict[str, int]:
    return {use: _repeated(rows) for use, rows in uses.items() if rows}


def draft(
    deployment: Deployment,
    zone: Zone,
    purpose: Purpose,
    quotas: Quotas,
    officers: Sequence[Officer],
    *,
    expires: int,
    now: int,
    officer_list: int | None = None,
    subjects: SubjectList | None = None,
) -> tuple[Window, SignedManifest]:
    """Make one zone's window and its manifest, signed by the officers of the list with this number (the pinned one unless given).

    ``subjects`` are given exactly for the purposes about people.
    """
    if not 0 < expires - now <= LONGEST_SECONDS - SKEW:
        raise WindowError("a window is open for at most 12 hours")
    if (subjects is not None) != (purpose in WITH_SUBJECTS):
        raise WindowError(f"a window for {purpose} is about {'nobody' if subjects else 'listed people'}")
    window = Window(os.urandom(16), zone, purpose, expires, dict(quotas), generate_p256(), os.urandom(32), subjects)
    manifest = Manifest(
        id=window.id,
        zone=zone,
        purpose=purpose,
        request_jkt=thumbprint(window.request_key),
        hpke=window.hpke.public_bytes,
        origins=tuple(deployment.sorted_origins),
        quotas=window.quotas,
        officer_list=officer_list or deployment.officers.number,
        not_before=now - SKEW,
        expires=window.expires,
        subjects=subjects.root if subjects else None,
        subject_count=subjects.size if subjects else None,
    )
    signed = SignedManifest.draft(manifest)
    for officer in officers:
        signed = signed.signed_by(officer.id, officer.key)
    return window, signed


def now_seconds() -> int:
    """Return the time in seconds since the epoch."""
    return int(time.time())

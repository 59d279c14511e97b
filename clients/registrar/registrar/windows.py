"""Windows: what the registrar may do, where, how often and until when, each zone by a manifest of its own.

The two zones' manifests share nothing: other id, other request key, other HPKE key, other begin and end, so that no row or log
line of one zone leads to a window of the other.
"""

import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from joserfc.jwk import ECKey
from protocol.deployment import Deployment
from protocol.jose import generate_p256, thumbprint
from protocol.manifest import LONGEST_SECONDS, Manifest, Purpose, SignedManifest
from protocol.messages.base import BATCH_ROWS
from protocol.names import HOSTS, HostName, Zone, zone_of
from protocol.oprf import BATCH_MAX
from protocol.sealing import XWingPrivateKey
from protocol.times import SKEW

from .batches import EVALUATIONS_AT_A_TIME
from .errors import WindowError
from .officers import Officer

DEFAULT_SECONDS = 2 * 3600
ZONES: tuple[Zone, ...] = ("named", "pseudonymous")

Quotas = Mapping[str, int]


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


def quotas_of(purpose: Purpose, *, members: int = 0, signing_in: int = 0, checkups: int = 0) -> dict[Zone, dict[str, int]]:
    """Return each zone's quotas for a number of people and checkups.

    ``signing_in`` people are enrolled twice at the gateway: the second time with what lets them sign in. Where a host counts
    a repeated call again, there is room for the calls under way, no more: an answer that was lost once does not end the
    import. A mailbox that is open already is not counted, so ``mailbox`` is exact.
    """
    evaluated = members + min(members, EVALUATIONS_AT_A_TIME * BATCH_MAX)
    if purpose == "enrol":
        enrolled = members + signing_in + min(members, BATCH_ROWS)
        return {"named": {"member": evaluated, "enrol": enrolled}, "pseudonymous": {"mailbox": members}}
    if purpose == "ingest":
        return {"named": {"member": evaluated}, "pseudonymous": {"checkup": checkups + min(checkups, BATCH_ROWS)}}
    raise WindowError(f"this version of the registrar opens no windows for {purpose}")


def draft(
    deployment: Deployment, zone: Zone, purpose: Purpose, quotas: Quotas, officers: Sequence[Officer], *, expires: int, now: int
) -> tuple[Window, SignedManifest]:
    """Make one zone's window and its manifest, signed by the officers."""
    if not 0 < expires - now <= LONGEST_SECONDS - SKEW:
        raise WindowError("a window is open for at most 12 hours")
    window = Window(os.urandom(16), zone, purpose, expires, dict(quotas), generate_p256(), os.urandom(32))
    manifest = Manifest(
        id=window.id,
        zone=zone,
        purpose=purpose,
        request_jkt=thumbprint(window.request_key),
        hpke=window.hpke.public_bytes,
        origins=tuple(deployment.sorted_origins),
        quotas=window.quotas,
        officer_list=deployment.officers.number,
        not_before=now - SKEW,
        expires=window.expires,
    )
    signed = SignedManifest.draft(manifest)
    for officer in officers:
        signed = signed.signed_by(officer.id, officer.key)
    return window, signed


def now_seconds() -> int:
    """Return the time in seconds since the epoch."""
    return int(time.time())

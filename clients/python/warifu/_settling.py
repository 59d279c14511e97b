"""From evidence to an open bundle, with everything finished that an earlier login left unfinished.

The first login is a rotation with a claim inside: the registrar's bundle holds no reader keys, so both mailboxes are claimed with
those of bundle 1 before any authority commits. Every later login repeats what is open.
"""

import asyncio
import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from protocol.names import STORES, StoreName
from protocol.record import Profile

from . import _profile, _readers, _rotation, _verifiers
from ._authorities import Authorities
from ._evidence import Evidence
from ._rotation import Held
from ._verifiers import WayIn
from ._wire import Wire
from .errors import HostRefused, HostUnavailable

_ATTEMPTS = 3
_OVERTAKEN = frozenset({"version-refused", "bundle-unknown"})
"""What a host says to a device that another one has overtaken by a whole version."""


@dataclass(frozen=True, repr=False)
class Settled:
    """What a session works with."""

    held: Held
    profile: Profile | None
    unclaimed: frozenset[StoreName]
    recoveries: tuple[WayIn, ...]
    mailbox_recoveries: Mapping[StoreName, date]


async def settle(wire: Wire, authorities: Authorities, evidence: Evidence, *, renew: bool = False) -> Settled:
    """Release, open the newest bundle, or make the first one, and finish: reader keys, commit, record, confirmations.

    ``renew`` goes on to another version, with fresh reader keys. Overtaken by another device, all begins anew from where that one
    is.
    """
    for _ in range(_ATTEMPTS - 1):
        try:
            return await _settle(wire, authorities, evidence, renew=renew)
        except HostRefused as error:
            if error.type not in _OVERTAKEN:
                raise
    return await _settle(wire, authorities, evidence, renew=renew)


async def _settle(wire: Wire, authorities: Authorities, evidence: Evidence, *, renew: bool) -> Settled:
    held = await _rotation.newest(authorities, evidence)
    if held.bundle.v == 0:
        held = await _rotation.follow(authorities, held, _rotation.fresh_readers({}))
    elif held.joined.renew(held.bundle.v) and not renew:
        # For an authority's new root alone. The old keys go on working: a host that is down leaves it to the next login.
        with contextlib.suppress(HostUnavailable):
            held = await _rotation.follow(authorities, held, held.bundle.readers)
    unclaimed = await _readers.enter(wire, held.bundle)
    await _rotation.commit(authorities, held)
    recoveries, mailbox_recoveries = await asyncio.gather(
        _verifiers.finish(wire, authorities), _readers.recoveries(wire, held.bundle, unclaimed)
    )
    settled = Settled(held, await _profile.take_in(authorities, held), unclaimed, recoveries, mailbox_recoveries)
    return await _renewed(wire, authorities, settled) if renew else settled


async def _renewed(wire: Wire, authorities: Authorities, settled: Settled) -> Settled:
    """Go on to the next version, with fresh reader keys, which are used at once.

    Where a store could not be asked, the new bundle holds every key that the store may still know.
    """
    readers = settled.held.bundle.readers
    older = {store: readers[store] if store in settled.unclaimed else readers[store][:1] for store in STORES}
    held = await _rotation.follow(authorities, settled.held, _rotation.fresh_readers(older))
    unclaimed = await _readers.enter(wire, held.bundle, renewed=True)
    await _rotation.commit(authorities, held)
    return replace(settled, held=held, unclaimed=unclaimed)

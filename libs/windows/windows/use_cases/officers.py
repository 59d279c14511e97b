"""The officers' lists of this host, and what one officer may ask of it."""

from chassis.database import Database, Transaction
from chassis.once import Once
from protocol.deployment import OfficerList
from protocol.encoding import lp, sha256
from protocol.messages.officers import OfficerCall, Officers, OfficersAccepted, QuotaState, WindowsHere, WindowState
from protocol.officers import OfficersBehind as ListBehind
from protocol.officers import OfficersRefused as ListRefused
from protocol.officers import SignedOfficerList, SignedOfficerRequest, follow

from windows.errors import OfficerRefused, OfficersBehind, OfficersDiffer, OfficersRefused, WindowNotHere
from windows.start import Deployed
from windows.store import officers as store
from windows.store import windows


async def current(tx: Transaction, deployed: Deployed) -> OfficerList:
    """Return the list this host goes by: the chain from the pinned one is verified each time, not taken from the disk.

    Raises OfficersDiffer when what is stored does not follow what deployment.json pins.
    """
    return _newest(deployed, await later(tx, deployed))


async def numbered(tx: Transaction, deployed: Deployed, number: int) -> OfficerList | None:
    """Return the list of this number, verified as a chain like the current one; None where it is none of this host's."""
    stored = [signed for signed in await later(tx, deployed) if signed.read(deployed.deployment.sorted_origins).number <= number]
    found = _newest(deployed, stored)
    return found if found.number == number else None


async def accept(db: Database, deployed: Deployed, request: Officers) -> tuple[OfficersAccepted, bool]:
    """Accept the officers' next list, and say whether it is new here; the same list again changes nothing."""
    signed = SignedOfficerList(request.officers, dict(request.signatures))
    async with db.transaction("accept-officers") as tx:
        stored = await later(tx, deployed)
        known = _newest(deployed, stored)
        if signed.raw in {one.raw for one in stored}:
            return OfficersAccepted(number=known.number), False
        listed = _next(deployed, known, signed)
        # Of two at once one waits here for the other, and perhaps it was the same list.
        new = await store.insert_list(tx, listed.number, signed)
        if not new and signed.raw not in {one.raw for one in await later(tx, deployed)}:
            raise OfficersDiffer
    return OfficersAccepted(number=listed.number), new


async def current_signed(db: Database, deployed: Deployed) -> Officers:
    """Return the list this host goes by; without signatures when it is the pinned one."""
    async with db.transaction("read-officers") as tx:
        stored = await later(tx, deployed)
    known = _newest(deployed, stored)
    signed = stored[-1] if stored else SignedOfficerList.draft(known, deployed.deployment.sorted_origins)
    return Officers(officers=signed.raw, signatures=signed.signatures)


async def answer(db: Database, deployed: Deployed, once: Once, request: OfficerCall, now: int) -> WindowsHere:
    """Do what one officer asks, once, and return the windows as they are then."""
    signed = SignedOfficerRequest(request.request, request.officer, request.signature)
    async with db.transaction("officer-request") as tx:
        try:
            asked = signed.check(await current(tx, deployed), deployed.origin, now)
        except ListRefused:
            raise OfficerRefused from None
        if not await once.first_within(tx, sha256(lp("officer-nonce", request.officer, asked.nonce)), asked.iat):
            raise OfficerRefused
        if asked.window is not None and not await windows.close_window(tx, asked.window):
            raise WindowNotHere
        found = await windows.open_windows(tx, now)
    return WindowsHere(windows=tuple(_state(window) for window in found))


async def later(tx: Transaction, deployed: Deployed) -> list[SignedOfficerList]:
    """Return the signed lists since the pinned one, the first first: whoever pins the same follows them to the current one."""
    return await store.lists_after(tx, deployed.deployment.officers.number)


def _newest(deployed: Deployed, stored: list[SignedOfficerList]) -> OfficerList:
    deployment = deployed.deployment
    try:
        return follow(deployment.officers, stored, deployment.sorted_origins)
    except ListRefused:
        raise OfficersDiffer from None


def _next(deployed: Deployed, known: OfficerList, signed: SignedOfficerList) -> OfficerList:
    origins = deployed.deployment.sorted_origins
    try:
        if signed.read(origins).number <= known.number:
            raise OfficersDiffer
        return signed.check(known, origins)
    except ListBehind:
        raise OfficersBehind(number=known.number) from None
    except ListRefused:
        raise OfficersRefused from None


def _state(window: windows.OpenWindow) -> WindowState:
    quotas = {use: QuotaState(quota=quota, left=quota - used) for use, (quota, used) in window.quotas.items()}
    return WindowState(id=window.id, purpose=window.purpose, expires=window.expires, quotas=quotas, closed=window.closed)

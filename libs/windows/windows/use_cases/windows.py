"""Open a window, count what is used of it, close it, forget it."""

from datetime import datetime

from chassis.database import Database, Transaction
from protocol.deployment import OfficerList
from protocol.encoding import sha256
from protocol.manifest import Manifest, ManifestAhead, ManifestRefused, SignedManifest
from protocol.messages.windows import OpenWindow, WindowOpened
from protocol.names import zone_of
from protocol.sealing import xwing_public

from windows.errors import OfficersBehind, QuotaExceeded, WindowClosed, WindowDiffers, WindowRefused
from windows.registrar_call import RegistrarCall
from windows.start import Deployed
from windows.store import windows as store
from windows.use_cases import officers

KEPT_S = 24 * 3600
"""How long a closed window is remembered, so that a late call hears that it is closed."""


async def open_window(db: Database, deployed: Deployed, request: OpenWindow, now: int) -> tuple[WindowOpened, bool]:
    """Open the window that two officers signed, and say whether it is new; the same bytes again change nothing."""
    async with db.transaction("open-window") as tx:
        manifest = _checked(deployed, await officers.current(tx, deployed), request, now)
        new = await store.insert_window(tx, manifest, request.manifest)
        window = await store.find_window(tx, manifest.id)
        if window is None or window.manifest_hash != sha256(request.manifest):
            raise WindowDiffers
        if window.closed:
            raise WindowClosed
        left = await store.remaining(tx, manifest.id)
        if new and deployed.opened is not None:
            await deployed.opened(tx, window.manifest_hash)
    return WindowOpened(id=manifest.id, expires=manifest.expires, remaining=left), new


async def spend(tx: Transaction, caller: RegistrarCall, use: str, n: int) -> None:
    """Count ``n`` of ``use`` against the caller's window, in the transaction of the work itself."""
    if n and not await store.spend(tx, caller.window_id, use, n):
        window = await store.find_window(tx, caller.window_id)
        if window is None or window.closed:
            raise WindowClosed
        left = await store.remaining(tx, caller.window_id)
        raise QuotaExceeded(use=use, remaining=left.get(use, 0))


async def own(db: Database, caller: RegistrarCall) -> WindowOpened:
    """Return what is left of the window in which the registrar calls."""
    async with db.transaction("read-window") as tx:
        window = await store.find_window(tx, caller.window_id)
        left = await store.remaining(tx, caller.window_id)
    if window is None:
        raise WindowClosed
    return WindowOpened(id=caller.window_id, expires=window.expires, remaining=left)


async def close(db: Database, caller: RegistrarCall) -> None:
    """Close the window in which the registrar calls, for good."""
    async with db.transaction("close-window") as tx:
        await store.close_window(tx, caller.window_id)


async def purge(db: Database, now: datetime) -> None:
    """Delete windows that ended a day ago."""
    async with db.transaction("purge-windows") as tx:
        await store.delete_windows(tx, int(now.timestamp()) - KEPT_S)


def _checked(deployed: Deployed, current: OfficerList, request: OpenWindow, now: int) -> Manifest:
    deployment = deployed.deployment
    signed = SignedManifest(request.manifest, dict(request.signatures))
    try:
        manifest = signed.check(current, zone_of(deployed.host), deployment.sorted_origins, now)
        xwing_public(manifest.hpke)
    except ManifestAhead:
        raise OfficersBehind(number=current.number) from None
    except (ManifestRefused, ValueError):
        raise WindowRefused from None
    return manifest

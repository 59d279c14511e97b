"""Open a window, count what is used of it, forget it."""

from datetime import datetime

from chassis.database import Database, Transaction
from protocol.encoding import sha256
from protocol.manifest import Manifest, ManifestRefused, SignedManifest
from protocol.messages.windows import OpenWindow, WindowOpened
from protocol.names import zone_of
from protocol.sealing import xwing_public

from windows.errors import QuotaExceeded, WindowDiffers, WindowRefused
from windows.registrar_call import RegistrarCall
from windows.start import Deployed
from windows.store import windows as store

KEPT_S = 24 * 3600
"""How long a closed window is remembered, so that a late call hears that it is closed."""


async def open_window(db: Database, deployed: Deployed, request: OpenWindow, now: int) -> tuple[WindowOpened, bool]:
    """Open the window that two officers signed, and say whether it is new; the same bytes again change nothing."""
    manifest = _checked(deployed, request, now)
    async with db.transaction("open-window") as tx:
        new = await store.insert_window(tx, manifest, request.manifest)
        window = await store.find_window(tx, manifest.id)
        if window is None or window.manifest_hash != sha256(request.manifest):
            raise WindowDiffers
        left = await store.remaining(tx, manifest.id)
    return WindowOpened(id=manifest.id, expires=manifest.expires, remaining=left), new


async def spend(tx: Transaction, caller: RegistrarCall, use: str, n: int) -> None:
    """Count ``n`` of ``use`` against the caller's window, in the transaction of the work itself."""
    if n and not await store.spend(tx, caller.window_id, use, n):
        left = await store.remaining(tx, caller.window_id)
        raise QuotaExceeded(use=use, remaining=left.get(use, 0))


async def purge(db: Database, now: datetime) -> None:
    """Delete windows that ended a day ago."""
    async with db.transaction("purge-windows") as tx:
        await store.delete_windows(tx, int(now.timestamp()) - KEPT_S)


def _checked(deployed: Deployed, request: OpenWindow, now: int) -> Manifest:
    deployment = deployed.deployment
    signed = SignedManifest(request.manifest, dict(request.signatures))
    try:
        manifest = signed.check(deployment.officers, zone_of(deployed.host), deployment.sorted_origins, now)
        xwing_public(manifest.hpke)
    except (ManifestRefused, ValueError):
        raise WindowRefused from None
    return manifest

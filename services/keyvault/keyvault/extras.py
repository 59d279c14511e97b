"""What the keyvault adds to an authority: bundles in the part, and their check at a commit."""

from collections.abc import Sequence

from authority import Extras, PartExtras
from authority.errors import BundleUnknown
from chassis.database import Transaction
from protocol.encoding import sha256
from protocol.release import VersionedBundle

from keyvault.store import bundles


class Bundles(Extras):
    """Gives the bundles of the current and the next version; commits only to a bundle that is stored."""

    async def parts(self, tx: Transaction, ref: bytes, current: int, _pending: int | None, /) -> PartExtras:
        """Return the stored bundles that a member may still need."""
        found = await bundles.since(tx, ref, current)
        return {"bundles": tuple(VersionedBundle(v=version, bundle=bundle) for version, bundle in found)}

    async def committed(self, tx: Transaction, ref: bytes, version: int, bundle_hash: bytes, /) -> None:
        """Refuse a version whose bundle is not the stored one; drop the bundles two versions older."""
        bundle = await bundles.find(tx, ref, version)
        if bundle is None or sha256(bundle) != bundle_hash:
            raise BundleUnknown
        await bundles.drop(tx, ref, version - 2)

    async def erased(self, tx: Transaction, refs: Sequence[bytes], /) -> None:
        """Delete the members' bundles."""
        await bundles.erase(tx, refs)

"""Somebody wrote a fallback into the members' SDK, for the day gateway and identity are down."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from protocol.bundle import Bundle
from protocol.names import AUTHORITIES, AuthorityName
from protocol.sealing import OpenError
from protocol.shares import member_key
from warifu import KeyMaterialRefused, _rotation
from warifu._parts import Joined

from drill.attack import Plant
from drill.weakening import restored
from drill.world import World


class _Lenient(Joined):
    """Parts of which the keyvault's is enough to open a bundle."""

    def open_bundle(self, sealed: bytes, version: int) -> Bundle:
        """Open a bundle, if need be with the keyvault's share alone."""
        try:
            return super().open_bundle(sealed, version)
        except KeyMaterialRefused:
            keyvault = self.parts["keyvault"]
            shares: dict[AuthorityName, bytes] = dict.fromkeys(AUTHORITIES, bytes(32))
            try:
                return Bundle.open(
                    sealed, member_key({**shares, "keyvault": keyvault.shares[version]}, version), keyvault.ref, version
                )
            except OpenError:
                raise KeyMaterialRefused("keyvault", "a bundle that does not open") from None


@asynccontextmanager
async def _weakened(world: World) -> AsyncIterator[None]:
    await restored(world)
    _rotation.Joined = _Lenient  # type: ignore[attr-defined]  # the weakness
    try:
        yield
    finally:
        _rotation.Joined = Joined  # type: ignore[attr-defined]


PLANT = Plant(
    "bundle-without-two-shares",
    "key-substitution",
    "The SDK opens a bundle with the share of the keyvault alone where it must.",
    ("keyvault",),
    live=_weakened,
    long=True,
)

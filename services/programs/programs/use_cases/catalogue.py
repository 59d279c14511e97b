"""What can be had for points: written by staff, read by everybody as a whole."""

import re

from chassis.database import Database
from protocol.messages.exchange import Catalogue, Picture, Product, PutProduct
from windows import Deployed

from programs.order_errors import PreconditionFailed, PreconditionNeeded, ProductRefused, ProductUnknown
from programs.store import catalogue
from programs.use_cases.suppliers import verified

_SIGNATURES = {"image/png": rb"\x89PNG\r\n\x1a\n", "image/jpeg": rb"\xff\xd8\xff", "image/webp": rb"(?s:RIFF.{4}WEBP)"}
"""How their files begin."""


async def read_catalogue(db: Database, *, hidden: bool = False) -> Catalogue:
    """Return what is offered; ``hidden`` also what is not."""
    async with db.statements("read-catalogue") as tx:
        found = await catalogue.everything(tx)
    return Catalogue(products=tuple(one for one in found if hidden or one.offered))


async def put_product(
    db: Database, deployed: Deployed, name: bytes, said: PutProduct, expected: int | None
) -> tuple[Product, bool]:
    """Add a product, or write one anew of which ``expected`` is the revision, and say whether it is new."""
    async with db.transaction("put-product") as tx:
        listed = await verified(tx, deployed)
        if said.offered and (listed is None or listed.named(said.supplier) is None):
            raise ProductRefused(reason="supplier")
        await catalogue.hold(tx, name)
        known = (await catalogue.some(tx, [name])).get(name)
        if known is None and expected is not None:
            raise PreconditionFailed
        if known is None and not await catalogue.add(tx, name, said):
            raise PreconditionNeeded
        if known is not None:
            _require(known, said, expected)
            if not await catalogue.replace(tx, name, said, said.supplied - known.supplied):
                raise ProductRefused(reason="supplied")
        return (await catalogue.some(tx, [name]))[name], known is None


async def put_picture(db: Database, name: bytes, shown: Picture) -> None:
    """Give a product a picture."""
    if not re.match(_SIGNATURES[shown.media_type], shown.content):
        raise ProductRefused(reason="picture")
    async with db.transaction("put-picture") as tx:
        if not await catalogue.some(tx, [name]):
            raise ProductUnknown
        await catalogue.show(tx, name, shown)


async def read_picture(db: Database, name: bytes) -> tuple[str, bytes]:
    """Return media type and content of a product's picture."""
    async with db.statements("read-picture") as tx:
        found = await catalogue.picture_of(tx, name)
    if found is None:
        raise ProductUnknown
    return found


def _require(known: Product, said: PutProduct, expected: int | None) -> None:
    if expected is None:
        raise PreconditionNeeded
    if expected != known.revision:
        raise PreconditionFailed
    if (known.supplier, known.kind) != (said.supplier, said.kind):
        raise ProductRefused(reason="fixed")

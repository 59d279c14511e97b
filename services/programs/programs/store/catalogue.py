"""Rows of ``product``, ``product_picture`` and ``product_stock``."""

from collections.abc import Sequence

import sqlalchemy as sa
from chassis.database import Record, Transaction, statement
from protocol.messages.exchange import OrderLine, Picture, Product, PutProduct
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA, insert

from programs.store.order_tables import picture, product, stock

_SAID = ("supplier", "kind", "title_ja", "title_en", "text_ja", "text_en", "points", "supplied", "offered")
_id = sa.bindparam("product", type_=BYTEA)
_units = sa.bindparam("units", type_=sa.Integer)
_said = {name: sa.bindparam(name, type_=product.c[name].type) for name in _SAID}
_both = sa.select(product, stock.c.available).select_from(product.join(stock, stock.c.product == product.c.id))
_ALL = statement(_both.order_by(product.c.supplier, product.c.title_ja, product.c.id))
_SOME = statement(_both.where(product.c.id == sa.any_(sa.bindparam("ids", type_=ARRAY(BYTEA)))))
_HOLD = statement(sa.select(product.c.id).where(product.c.id == _id).with_for_update())
_INSERT = statement(insert(product).values(id=_id, revision=1, **_said).on_conflict_do_nothing())
_INSERT_STOCK = statement(sa.insert(stock).values(product=_id, available=_units, taken=0))
_UPDATE = statement(sa.update(product).where(product.c.id == _id).values(revision=product.c.revision + 1, **_said))
_MORE = statement(
    sa.update(stock).where(stock.c.product == _id, stock.c.available + _units >= 0).values(available=stock.c.available + _units)
)
_GIVE_BACK = statement(
    sa.update(stock).where(stock.c.product == _id).values(available=stock.c.available + _units, taken=stock.c.taken - _units)
)
_shown = insert(picture).values(
    product=_id, media_type=sa.bindparam("media_type", type_=sa.Text), content=sa.bindparam("content", type_=BYTEA)
)
_SHOW = statement(
    _shown.on_conflict_do_update(
        index_elements=[picture.c.product], set_={name: _shown.excluded[name] for name in ("media_type", "content")}
    )
)
_PICTURE = statement(sa.select(picture.c.media_type, picture.c.content).where(picture.c.product == _id))


async def everything(tx: Transaction) -> tuple[Product, ...]:
    """Return every product, by supplier and title."""
    return tuple(_read(row) for row in await _ALL.all(tx))


async def some(tx: Transaction, ids: Sequence[bytes]) -> dict[bytes, Product]:
    """Return those products that there are, by id."""
    return {row["id"]: _read(row) for row in await _SOME.all(tx, ids=list(ids))}


async def hold(tx: Transaction, name: bytes) -> None:
    """Keep others from writing a product until the transaction ends."""
    await _HOLD.all(tx, product=name)


async def add(tx: Transaction, name: bytes, said: PutProduct) -> bool:
    """Insert a product with its units; False where there is one of this id."""
    if not await _INSERT.execute(tx, product=name, **said.model_dump()):
        return False
    await _INSERT_STOCK.execute(tx, product=name, units=said.supplied)
    return True


async def replace(tx: Transaction, name: bytes, said: PutProduct, more: int) -> bool:
    """Write a product anew and add units, or take some away; False where fewer are left."""
    await _UPDATE.execute(tx, product=name, **said.model_dump())
    return await _MORE.execute(tx, product=name, units=more) == 1


async def give_back(tx: Transaction, lines: Sequence[OrderLine]) -> None:
    """Give units of an order back, products in the order of their ids."""
    for line in sorted(lines, key=lambda line: line.product):
        await _GIVE_BACK.execute(tx, product=line.product, units=line.units)


async def show(tx: Transaction, name: bytes, shown: Picture) -> None:
    """Put a picture in the place of the one that is there."""
    await _SHOW.execute(tx, product=name, media_type=shown.media_type, content=shown.content)


async def picture_of(tx: Transaction, name: bytes) -> tuple[str, bytes] | None:
    """Return media type and content of a product's picture."""
    row = await _PICTURE.one_or_none(tx, product=name)
    return None if row is None else (row["media_type"], row["content"])


def _read(row: Record) -> Product:
    # What is stored was checked when it came.
    return Product.model_construct(**dict(row))

"""What points were exchanged for: a row a product of an order. Where it went stands nowhere but with the supplier."""

from datetime import datetime

from protocol.encoding import b64u

from warifu.archive.section import Coded, Content, Section, Words
from warifu.session import MemberSession

_STATES = {
    "reserved": Words("確保中", "reserved"),
    "placed": Words("注文済み", "placed"),
    "accepted": Words("受付済み", "accepted"),
    "shipped": Words("発送済み", "shipped"),
    "delivered": Words("お届け済み", "delivered"),
    "cancelled": Words("取消済み", "cancelled"),
    "rejected": Words("提供元がお断りしました", "declined by the supplier"),
    "returned": Words("返品済み", "returned"),
    "expired": Words("期限切れ", "ran out"),
}


async def _read(session: MemberSession, _now: datetime) -> Content:
    found = await session.orders(whole=True)
    titles = {product.id: product.title_ja for product in await session.catalogue()} if found else {}
    return Content(
        [
            [
                one.order.day.isoformat(),
                b64u(one.order.id),
                one.order.supplier,
                Coded(one.order.state, _STATES[one.order.state]),
                titles.get(line.product, b64u(line.product)),
                str(line.units),
                str(line.points),
                one.code or "",
            ]
            for one in found
            for line in one.order.lines
        ]
    )


_COLUMNS = {
    "day": Words("最終更新日", "Last change"),
    "order": Words("注文", "Order"),
    "supplier": Words("提供元", "Supplier"),
    "state": Words("状態", "State"),
    "product": Words("品名", "Product"),
    "units": Words("数量", "Units"),
    "points": Words("単価ポイント", "Points of one"),
    "code": Words("コード", "Code"),
}
SECTION = Section("orders", 48, Words("交換の注文", "Orders"), _COLUMNS, _read)

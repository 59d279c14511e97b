"""What a supplier's own system does: fetch orders by their names, open addresses, move orders on.

It knows nothing of members, and no key of a host: the deployment file, and two private keys whose public halves officers listed.
"""

from types import TracebackType
from typing import Self

import httpx
from joserfc.jwk import ECKey
from protocol import proof
from protocol.deployment import Deployment
from protocol.encoding import b64u, lp, sha256
from protocol.jose import thumbprint
from protocol.messages.exchange import Open, Step, SupplierOrder, SupplierOrders
from protocol.orders import Address, open_address, seal_voucher
from protocol.sealing import OpenError, XWingPrivateKey
from protocol.suppliers import Supplier
from pydantic import BaseModel

from ._wire import Clock, Wire, dump, http_client, parse, system_clock
from .errors import InputRefused, KeyMaterialRefused


def entry(name: str, title: str, request_key: ECKey, seal_key: XWingPrivateKey, notices: str | None = None) -> Supplier:
    """Return what a supplier gives the insurer, as JSON in a file: ``name`` is its id, ``title`` what members read.

    ``notices`` is where programs says that an order changed; :func:`protocol.notices.check` checks what comes there.
    """
    return Supplier(id=name, name=title, seal_key=seal_key.public_bytes, request_jkt=thumbprint(request_key), notices=notices)


class SupplierClient:
    """One supplier towards one deployment: ``async with SupplierClient(deployment, "shop", request_key, seal_key) as shop``."""

    def __init__(
        self,
        deployment: Deployment,
        name: str,
        request_key: ECKey,
        seal_key: XWingPrivateKey,
        *,
        http: httpx.AsyncClient | None = None,
        clock: Clock = system_clock,
    ) -> None:
        self._name = name
        self._request_key = request_key
        self._seal_key = seal_key
        self._given = http
        self._http = http or http_client(deployment)
        self._wire = Wire(self._http, deployment, clock)

    async def __aenter__(self) -> Self:
        """Return the client itself."""
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Close the HTTP client."""
        if self._given is None:
            await self._http.aclose()

    async def orders(self, state: Open = "placed") -> tuple[SupplierOrder, ...]:
        """Return orders that stand there, 200 at most. One that was placed stays in the list until it is accepted or rejected."""
        return parse("programs", SupplierOrders, await self._call("GET", f"/supplier/orders?state={state}")).orders

    async def orders_csv(self, state: Open = "placed") -> str:
        """Return all orders that stand there as CSV: columns as in the README of programs, a byte order mark before them."""
        path, text = f"/supplier/orders.csv?state={state}", ""
        while True:
            answer = await self._call("GET", path)
            page = answer.content.decode("utf-8")
            text += page.partition("\r\n")[2] if text else page
            if "next" not in answer.links:
                return text
            path = "/supplier/orders.csv" + answer.links["next"]["url"]

    async def order(self, name: bytes) -> SupplierOrder:
        """Return one order."""
        return parse("programs", SupplierOrder, await self._call("GET", f"/supplier/orders/{b64u(name)}"))

    def address(self, order: SupplierOrder) -> Address:
        """Return where goods are to be sent; one that does not open is an alarm."""
        sealed = order.address
        if sealed is None:
            raise InputRefused("address", "the order has no address")
        if sealed.key_id != sha256(lp("supplier-key", self._seal_key.public_bytes))[:16]:
            raise KeyMaterialRefused("programs", "an address that is sealed to another key")
        try:
            return open_address(self._seal_key, sealed.content, order.id, sealed.key_id, sealed.revision)
        except OpenError:
            raise KeyMaterialRefused("programs", "an address that was not sealed for this order") from None

    async def move(self, order: SupplierOrder, step: Step) -> SupplierOrder:
        """Move an order on; where it stands there already nothing changes."""
        path = f"/supplier/orders/{b64u(order.id)}/steps"
        return parse("programs", SupplierOrder, await self._call("POST", path, step, order.revision))

    async def deliver_code(self, order: SupplierOrder, code: str) -> SupplierOrder:
        """Deliver the code of an accepted voucher, which nobody but the member opens."""
        if order.reply_key is None:
            raise InputRefused("voucher", "the order is no voucher")
        sealed = seal_voucher(order.reply_key, order.id, code)
        return await self.move(order, Step(to="delivered", voucher=sealed))

    async def _call(self, method: str, path: str, message: BaseModel | None = None, revision: int | None = None) -> httpx.Response:
        body = b"" if message is None else dump(message)

        def headers() -> dict[str, str]:
            url = self._wire.url("programs", path)
            made = proof.make(self._request_key, method, url, self._name.encode(), body, self._wire.clock())
            return {proof.HEADER: made, **({} if revision is None else {"If-Match": f'"{revision}"'})}

        return await self._wire.send("programs", method, path, headers=headers, body=body)

"""What member and supplier say to each other about an order: sealed end to end, of one size, and bound to the order."""

from typing import Annotated

from pydantic import Field

from . import strict_json
from .derive import hkdf
from .encoding import EncodingError, lp, pad, unpad
from .messages.base import Message
from .sealing import XWING_OVERHEAD, OpenError, XWingPrivateKey, seal_xwing
from .suppliers import Supplier

_PADDED = 1024
SEALED_BYTES = _PADDED + XWING_OVERHEAD
"""Of an address, and of a voucher."""
MOST_BYTES = _PADDED - 1


class Address(Message):
    """Where something is to be sent."""

    name: Annotated[str, Field(min_length=1, max_length=60)]
    postal_code: Annotated[str, Field(min_length=1, max_length=12)]
    address: Annotated[str, Field(min_length=1, max_length=160)]
    phone: Annotated[str, Field(max_length=20)] = ""


def seal_address(supplier: Supplier, order: bytes, revision: int, address: Address) -> bytes:
    """Seal an address for one order and revision to the supplier's key; raises ``EncodingError`` where it is too long."""
    plain = pad(address.model_dump_json().encode(), _PADDED)
    return seal_xwing(supplier.seal_key, plain, _address_info(order, supplier.key_id, revision))


def open_address(key: XWingPrivateKey, sealed: bytes, order: bytes, key_id: bytes, revision: int) -> Address:
    """Open what :func:`seal_address` made for this order, key and revision, or raise :class:`protocol.sealing.OpenError`."""
    try:
        plain = unpad(key.open(sealed, _address_info(order, key_id, revision)))
        return Address.model_validate(strict_json.loads_object(plain))
    except (EncodingError, ValueError):
        # The chain is cut: the error quotes the address.
        raise OpenError("an address holds something else") from None


def voucher_key(mailbox_seed: bytes, order: bytes) -> XWingPrivateKey:
    """Return the key to which a supplier seals the code of an order.

    ``mailbox_seed`` is the seed of the member's own mailbox key; each order has a key of its own, so two suppliers see nothing that
    is the same.
    """
    return XWingPrivateKey(hkdf(mailbox_seed, lp("voucher-key", order)))


def seal_voucher(public: bytes, order: bytes, code: str) -> bytes:
    """Seal a code to the key that came with an order; raises ``EncodingError`` where it is too long."""
    return seal_xwing(public, pad(code.encode(), _PADDED), lp("order-voucher", order))


def open_voucher(key: XWingPrivateKey, sealed: bytes, order: bytes) -> str:
    """Open what :func:`seal_voucher` made for this order, or raise :class:`protocol.sealing.OpenError`."""
    try:
        return unpad(key.open(sealed, lp("order-voucher", order))).decode()
    except (EncodingError, UnicodeDecodeError):
        raise OpenError("a voucher holds something else") from None


def _address_info(order: bytes, key_id: bytes, revision: int) -> bytes:
    return lp("order-address", order, key_id, revision)

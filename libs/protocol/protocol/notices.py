"""What programs tells a supplier without being asked: that one of their orders changed, and nothing more.

Signed as Standard Webhooks 1.0.0 says, with the asymmetric scheme ``v1a``: Ed25519 over ``id.timestamp.body``, so nothing secret is
shared. A notice comes at least once, under the same id each time; the receiver answers 2xx, then reads the order.
"""

import base64
import binascii
from collections.abc import Mapping

from pydantic import ValidationError

from . import strict_json
from .encoding import b64u, lp, sha256
from .messages.base import Bytes16, Message
from .messages.exchange import State
from .signing import SignatureRefused, Signer, verify

ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
TOLERANCE_S = 300
"""Seconds by which the clocks of both ends may differ."""
_SCHEME = "v1a,"
_PUBLIC = "whpk_"


class NoticeRefused(Exception):
    """What came is no notice of this deployment's, or not of now."""


class OrderNotice(Message):
    """The body of a notice."""

    order: Bytes16
    state: State
    """Where the order stood. What it is and where it stands now, the supplier reads."""


def notice_id(order: bytes, revision: int) -> str:
    """Return what a notice is called however often it is sent: it follows from the change that it tells of."""
    return "msg_" + b64u(sha256(lp("order-notice", order, revision))[:16])


def sign(key: Signer, name: str, now: int, body: bytes) -> dict[str, str]:
    """Return the headers of a notice that is sent at a time in seconds since 1970."""
    made = base64.b64encode(key.sign(_signed(name, str(now), body))).decode()
    return {ID: name, TIMESTAMP: str(now), SIGNATURE: _SCHEME + made}


def check(public: bytes, headers: Mapping[str, str], body: bytes, now: int) -> tuple[str, OrderNotice]:
    """Return the id of a notice, by which a repetition is known again, and what it says; raises NoticeRefused.

    ``headers`` are asked for by lower-case names.
    """
    try:
        name, at, signatures = headers[ID], headers[TIMESTAMP], headers[SIGNATURE].split(" ")
    except KeyError:
        raise NoticeRefused("headers are missing") from None
    if not (at.isascii() and at.isdecimal() and len(at) < 12 and abs(int(at) - now) <= TOLERANCE_S):
        raise NoticeRefused("sent at another time")
    if not any(_verifies(public, one, _signed(name, at, body)) for one in signatures):
        raise NoticeRefused("the signature does not verify")
    try:
        return name, OrderNotice.model_validate(strict_json.loads_object(body))
    except (ValidationError, strict_json.JsonRefused):
        raise NoticeRefused("not a notice of an order") from None


def written(public: bytes) -> str:
    """Return the public key as suppliers' libraries take it."""
    return _PUBLIC + base64.b64encode(public).decode()


def _signed(name: str, at: str, body: bytes) -> bytes:
    return b".".join((name.encode(), at.encode(), body))


def _verifies(public: bytes, signature: str, message: bytes) -> bool:
    if not signature.startswith(_SCHEME):
        return False
    try:
        verify(public, base64.b64decode(signature.removeprefix(_SCHEME), validate=True), message)
    except (SignatureRefused, binascii.Error, ValueError):
        return False
    return True

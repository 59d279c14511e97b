"""What routes of the exchange ask for in their signatures: conditions, idempotency keys, a supplier's call."""

import re
from typing import Annotated

from chassis.deps import Db
from fastapi import Depends, Query, Request
from mailboxes.deps import Signed
from protocol.encoding import lp, sha256
from protocol.messages.base import Bytes16
from protocol.suppliers import Supplier as _Supplier
from windows.deps import Host, Remembered

from programs.order_errors import KeyMissing, PreconditionNeeded
from programs.use_cases import suppliers
from programs.use_cases.orders import Keyed as _Keyed

__all__ = ["After", "IfMatch", "Keyed", "Most", "OptionalIfMatch", "Supplier", "etag"]

_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_ETAG = re.compile(r'"([1-9][0-9]{0,8})"')
NEVER = 0
"""No revision: what an If-Match of another form asks for."""

Most = Annotated[int, Query(ge=1, le=20_000)]
"""How many of the newest: more than anybody has in a life, for what is taken along."""
After = Annotated[Bytes16 | None, Query()]
"""The last order of the page before."""


def etag(revision: int) -> dict[str, str]:
    """Return the header that names a revision."""
    return {"ETag": f'"{revision}"'}


async def _keyed(request: Request) -> _Keyed:
    keys = request.headers.getlist("idempotency-key")
    if len(keys) != 1 or not _KEY.fullmatch(keys[0]):
        raise KeyMissing
    sent = (request.method, request.url.path, request.headers.get("if-match", ""), await request.body())
    return _Keyed(sha256(keys[0].encode()), sha256(lp("idempotent", *sent)))


async def _optional(request: Request) -> int | None:
    header = request.headers.get("if-match")
    if header is None:
        return None
    found = _ETAG.fullmatch(header.strip())
    return int(found[1]) if found else NEVER


async def _needed(expected: Annotated[int | None, Depends(_optional)]) -> int:
    if expected is None:
        raise PreconditionNeeded
    return expected


async def _supplier(signed: Signed, db: Db, deployed: Host, once: Remembered) -> _Supplier:
    return await suppliers.admit_supplier(db, deployed, once, signed)


Keyed = Annotated[_Keyed, Depends(_keyed)]
OptionalIfMatch = Annotated[int | None, Depends(_optional)]
IfMatch = Annotated[int, Depends(_needed)]
Supplier = Annotated[_Supplier, Depends(_supplier)]
"""A listed supplier signed this call."""

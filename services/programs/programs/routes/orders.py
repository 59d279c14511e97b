"""``/me/orders``."""

from chassis.deps import Db, Now
from chassis.problems import problems
from fastapi import APIRouter, Response
from mailboxes.deps import READER_PROBLEMS, Reader
from protocol.messages.exchange import Order, Orders, Place, Reserve, SealedAddress
from windows.deps import Host

from programs import order_errors as errors
from programs.order_deps import IfMatch, Keyed, Most, etag
from programs.path_ids import Id
from programs.use_cases import orders as use_cases

router = APIRouter(prefix="/me/orders", tags=["exchange"])

KEYED = (*READER_PROBLEMS, errors.KeyMissing, errors.KeyReused)
MOVED = (errors.OrderState, errors.OrderUnknown, errors.PreconditionFailed, errors.PreconditionNeeded)


@router.get("", summary="Read the own orders", responses=problems(*READER_PROBLEMS))
async def get_all(reader: Reader, db: Db, most: Most = use_cases.MOST) -> Orders:
    """Read the own orders, the newest first, so many at most."""
    return await use_cases.read_orders(db, reader, most)


@router.post(
    "",
    summary="Reserve",
    status_code=201,
    responses=problems(*KEYED, errors.OrderRefused, errors.OutOfStock, errors.PointsShort),
)
async def reserve(request: Reserve, reader: Reader, keyed: Keyed, db: Db, now: Now, response: Response) -> Order:
    """Hold points and units until the end of the next day (UTC)."""
    return _answered(response, await use_cases.reserve(db, reader, keyed, request, now.now().date()))


@router.get("/{order}", summary="Read an order", responses=problems(*READER_PROBLEMS, errors.OrderUnknown))
async def get(order: Id, reader: Reader, db: Db, response: Response) -> Order:
    """Read one order, with its code where it is a voucher that was delivered."""
    return _answered(response, await use_cases.read_order(db, reader, order))


@router.post("/{order}/placing", summary="Place an order", responses=problems(*KEYED, *MOVED, errors.OrderRefused))
async def place(
    order: Id, request: Place, reader: Reader, keyed: Keyed, expected: IfMatch, db: Db, host: Host, now: Now, response: Response
) -> Order:
    """Order what is reserved, with an address that the supplier alone opens."""
    placed = await use_cases.place(db, host, reader, keyed, order, expected, request, now.now().date())
    return _answered(response, placed)


@router.put("/{order}/address", summary="Change the address", responses=problems(*READER_PROBLEMS, *MOVED, errors.OrderRefused))
async def readdress(
    order: Id, request: SealedAddress, reader: Reader, expected: IfMatch, db: Db, host: Host, now: Now, response: Response
) -> Order:
    """Put a later address in the place of the one before, as long as nothing was sent."""
    changed = await use_cases.readdress(db, host, reader, order, expected, request, now.now().date())
    return _answered(response, changed)


@router.post("/{order}/cancelling", summary="Cancel an order", responses=problems(*KEYED, *MOVED))
async def cancel(order: Id, reader: Reader, keyed: Keyed, expected: IfMatch, db: Db, now: Now, response: Response) -> Order:
    """Call an order off that the supplier has not accepted; points and units are free again."""
    return _answered(response, await use_cases.cancel(db, reader, keyed, order, expected, now.now().date()))


def _answered(response: Response, order: Order) -> Order:
    response.headers.update(etag(order.revision))
    return order

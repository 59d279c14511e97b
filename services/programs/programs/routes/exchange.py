"""The catalogue, the suppliers, and what suppliers do with orders."""

from typing import Annotated

from chassis.deps import Db, Now
from chassis.partners import partner
from chassis.problems import Unavailable, problems
from fastapi import APIRouter, Response
from protocol.encoding import b64u
from protocol.messages.exchange import (
    Catalogue,
    Open,
    Picture,
    Product,
    PutProduct,
    PutSuppliers,
    Step,
    SupplierId,
    SupplierOrder,
    SupplierOrders,
    Suppliers,
)
from staff import STAFF_PROBLEMS, StaffCall, staff
from windows import ProofRefused
from windows.deps import REGISTRAR, Host
from windows.errors import Replayed

from programs import order_errors as errors
from programs.order_deps import After, IfMatch, OptionalIfMatch, Supplier, etag
from programs.path_ids import Id
from programs.use_cases import supplier_orders
from programs.use_cases.catalogue import put_picture, put_product, read_catalogue, read_picture
from programs.use_cases.order_export import as_csv
from programs.use_cases.suppliers import accept_suppliers, read_suppliers

router = APIRouter(tags=["exchange"])

Manager = Annotated[StaffCall, staff("program-manager", "office")]
SUPPLIER = (ProofRefused, Replayed, errors.SupplierUnknown)


@router.put("/suppliers", summary="List suppliers", responses=problems(errors.SuppliersBehind, errors.SuppliersRefused))
@partner(REGISTRAR)
async def accept(request: PutSuppliers, db: Db, host: Host, response: Response) -> Suppliers:
    """Accept a list that two officers signed; the same again changes nothing."""
    said, new = await accept_suppliers(db, host, request)
    response.status_code = 201 if new else 200
    return said


@router.get("/suppliers", summary="Read the suppliers", responses=problems(errors.SuppliersUnknown))
async def suppliers(db: Db, host: Host) -> Suppliers:
    """Read the signed list of suppliers, with the officers' lists by which a device checks it."""
    return await read_suppliers(db, host)


@router.get("/catalogue", summary="Read the catalogue", responses=problems(Unavailable))
async def catalogue(db: Db) -> Catalogue:
    """Read everything that is offered; anybody may, so that nobody is seen looking at something."""
    return await read_catalogue(db)


@router.get(
    "/catalogue/{product}/picture", summary="Read a picture", response_class=Response, responses=problems(errors.ProductUnknown)
)
async def picture(product: Id, db: Db) -> Response:
    """Read the picture of a product."""
    media_type, content = await read_picture(db, product)
    return Response(content, media_type=media_type, headers={"X-Content-Type-Options": "nosniff"})


@router.get("/staff/products", summary="Read all products", responses=problems(*STAFF_PROBLEMS))
async def products(_caller: Manager, db: Db) -> Catalogue:
    """Read every product, also what is not offered."""
    return await read_catalogue(db, hidden=True)


@router.put(
    "/staff/products/{product}",
    summary="Write a product",
    responses=problems(*STAFF_PROBLEMS, errors.PreconditionFailed, errors.PreconditionNeeded, errors.ProductRefused),
)
async def write(
    product: Id, request: PutProduct, _caller: Manager, expected: OptionalIfMatch, db: Db, host: Host, response: Response
) -> Product:
    """Add a product, or write one anew, with If-Match."""
    written, new = await put_product(db, host, product, request, expected)
    response.status_code = 201 if new else 200
    response.headers.update(etag(written.revision))
    return written


@router.put(
    "/staff/products/{product}/picture",
    summary="Give a product a picture",
    status_code=204,
    responses=problems(*STAFF_PROBLEMS, errors.ProductRefused, errors.ProductUnknown),
)
async def show(product: Id, request: Picture, _caller: Manager, db: Db) -> None:
    """Put a picture in the place of the one that is there."""
    await put_picture(db, product, request)


@router.get("/supplier/orders", summary="Read a supplier's orders", responses=problems(*SUPPLIER))
async def orders(supplier: Supplier, db: Db, state: Open = "placed", after: After = None) -> SupplierOrders:
    """Read orders that stand there, 200 at most, those after one; each stays until the supplier moves it on."""
    return await supplier_orders.orders_for(db, supplier.id, state, after)


@router.get(
    "/supplier/orders.csv", summary="Take a supplier's orders along", response_class=Response, responses=problems(*SUPPLIER)
)
async def orders_csv(supplier: Supplier, db: Db, state: Open = "placed", after: After = None) -> Response:
    """Read orders that stand there as CSV, 2,000 at most; a full file names the next one (RFC 8288)."""
    return _file(await supplier_orders.orders_for(db, supplier.id, state, after, supplier_orders.MOST_EXPORTED), state)


@router.get("/staff/suppliers/{supplier}/orders", summary="Read orders for a supplier", responses=problems(*STAFF_PROBLEMS))
async def staff_orders(
    supplier: SupplierId, _caller: Manager, db: Db, state: Open = "placed", after: After = None
) -> SupplierOrders:
    """Read what the supplier would read: for whom, only the sealed address says, and only to them."""
    return await supplier_orders.orders_for(db, supplier, state, after)


@router.get(
    "/staff/suppliers/{supplier}/orders.csv",
    summary="Take a supplier's orders along for them",
    response_class=Response,
    responses=problems(*STAFF_PROBLEMS),
)
async def staff_orders_csv(supplier: SupplierId, _caller: Manager, db: Db, state: Open = "placed", after: After = None) -> Response:
    """Read the file that the supplier would read."""
    return _file(await supplier_orders.orders_for(db, supplier, state, after, supplier_orders.MOST_EXPORTED), state)


@router.get("/supplier/orders/{order}", summary="Read a supplier's order", responses=problems(*SUPPLIER, errors.OrderUnknown))
async def order_of(order: Id, supplier: Supplier, db: Db, response: Response) -> SupplierOrder:
    """Read one order, with its sealed address."""
    return _answered(response, await supplier_orders.order_for(db, supplier, order))


@router.post(
    "/supplier/orders/{order}/steps",
    summary="Move an order on",
    responses=problems(
        *SUPPLIER,
        errors.OrderRefused,
        errors.OrderState,
        errors.OrderUnknown,
        errors.PreconditionFailed,
        errors.PreconditionNeeded,
    ),
)
async def step(
    order: Id, request: Step, supplier: Supplier, expected: IfMatch, db: Db, now: Now, response: Response
) -> SupplierOrder:
    """Accept, reject, ship, deliver, or take back; where it stands there already nothing changes."""
    moved = await supplier_orders.step(db, supplier, order, expected, request, now.now().date())
    return _answered(response, moved)


def _file(found: SupplierOrders, state: Open) -> Response:
    full = len(found.orders) == supplier_orders.MOST_EXPORTED
    link = {"Link": f'<?state={state}&after={b64u(found.orders[-1].id)}>; rel="next"'} if full else {}
    return Response(as_csv(found.orders), media_type="text/csv; charset=utf-8", headers=link)


def _answered(response: Response, order: SupplierOrder) -> SupplierOrder:
    response.headers.update(etag(order.revision))
    return order

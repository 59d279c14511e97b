"""What the exchange can refuse."""

from chassis.problems import Problem


class KeyMissing(Problem):
    """The request needs a header Idempotency-Key of 1 to 255 visible characters."""

    type = "idempotency-key-missing"
    title = "The request needs an Idempotency-Key"
    status = 400


class KeyReused(Problem):
    """The Idempotency-Key came with another request before."""

    type = "idempotency-key-reused"
    title = "This Idempotency-Key belongs to another request"
    status = 422


class PreconditionNeeded(Problem):
    """The request needs a header If-Match with the ETag of what it changes."""

    type = "precondition-required"
    title = "The request needs an If-Match"
    status = 428


class PreconditionFailed(Problem):
    """What the request changes has changed since it was read."""

    type = "precondition-failed"
    title = "It has changed meanwhile"
    status = 412


class PointsShort(Problem):
    """The member has too few points that are free."""

    type = "points-short"
    title = "There are not enough points"
    status = 409


class OutOfStock(Problem):
    """There are too few units of a product."""

    type = "out-of-stock"
    title = "There are not enough units"
    status = 409


class OrderRefused(Problem):
    """An order cannot be made so, because of the ``reason``.

    ``product`` (not offered), ``mixed`` (several suppliers or kinds), ``price`` (not the one shown), ``reply-key``, ``address``
    or ``voucher`` (missing or unwanted), ``key`` (not the supplier's key of now), ``id`` (was used before).
    """

    type = "order-refused"
    title = "The order cannot be made so"
    status = 409


class OrderState(Problem):
    """The order cannot go there from where it stands (``state``)."""

    type = "order-state"
    title = "The order stands elsewhere"
    status = 409


class OrderUnknown(Problem):
    """There is no such order, of this member or for this supplier."""

    type = "order-unknown"
    title = "There is no such order"
    status = 404


class ProductUnknown(Problem):
    """There is no such product, or it has no picture."""

    type = "product-unknown"
    title = "There is no such product"
    status = 404


class ProductRefused(Problem):
    """A product cannot be written so.

    ``reason`` is ``supplier`` (offered, and not listed), ``supplied`` (fewer than are ordered already), ``fixed`` (supplier and
    kind stay) or ``picture`` (not an image of its media type).
    """

    type = "product-refused"
    title = "The product cannot be written so"
    status = 409


class SuppliersRefused(Problem):
    """The list of suppliers is not signed by two officers of the list that it names, or not for this deployment."""

    type = "suppliers-refused"
    title = "The list of suppliers does not hold"
    status = 403


class SuppliersBehind(Problem):
    """A list of this number or a higher one is here already (``number``)."""

    type = "suppliers-behind"
    title = "There is a later list of suppliers"
    status = 409


class SuppliersUnknown(Problem):
    """There is no list of suppliers that holds."""

    type = "suppliers-unknown"
    title = "There is no list of suppliers"
    status = 404


class SupplierUnknown(Problem):
    """The proof is not of a listed supplier's key."""

    type = "supplier-unknown"
    title = "No such supplier"
    status = 401

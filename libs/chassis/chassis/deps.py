"""What a route asks for in its signature: the database, the clock, and whatever the service's start put into the state."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Depends
from starlette.requests import HTTPConnection

from chassis.clock import Clock
from chassis.database import Database


def state(name: str) -> Any:
    """Return the dependency on one value of the application's state.

    ``Signer = Annotated[SigningKey, state("signer")]`` beside the routes, ``signer: Signer`` in their signatures.
    """
    return Depends(_getter(name))


def _getter(name: str) -> Callable[[HTTPConnection], Any]:
    # A coroutine, because FastAPI runs plain functions in a thread.
    async def get(connection: HTTPConnection) -> Any:
        return getattr(connection.app.state, name)

    return get


# No dependency here yields: FastAPI finishes one only after the answer was sent, so a transaction would commit after
# its success was announced. Transactions are opened in use cases.
Db = Annotated[Database, state("db")]
Now = Annotated[Clock, state("clock")]

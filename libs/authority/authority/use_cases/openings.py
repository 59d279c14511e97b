"""Open this authority's parts of split seals, inside a window and its quota."""

from chassis.database import Database
from protocol.messages.search import Open, PartsOpened, opening_info, opening_signed
from protocol.sealing import OpenError, seal_xwing
from protocol.split_seal import unseal_part
from windows import RegistrarCall, require_subjects, spend

from authority.errors import PartsRefused
from authority.start import Authority


async def open_parts(db: Database, authority: Authority, caller: RegistrarCall, request: Open) -> PartsOpened:
    """Open a batch after counting it, sealed to the window: what was counted and then not answered stays counted.

    Member numbers are opened of exactly those seals that the officers listed.
    """
    if request.use == "number":
        require_subjects(caller, authority.host, [(row.inner, row.subject) for row in request.rows])
    async with db.transaction("spend-openings") as tx:
        await spend(tx, caller, request.use, len(request.rows))
    info = opening_info(authority.host, caller.window_id, caller.body)

    def answer() -> PartsOpened:
        key = authority.keys.unseal_key(request.use)
        parts = b"".join(unseal_part(key, row.sealed, request.use, row.inner) for row in request.rows)
        sealed = seal_xwing(caller.hpke, parts, info)
        return PartsOpened(sealed=sealed, signature=authority.keys.signing.sign(opening_signed(sealed, info)))

    try:
        return await authority.with_keys(answer)
    except OpenError:
        raise PartsRefused from None

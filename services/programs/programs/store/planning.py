"""How PostgreSQL is kept from a plan that takes the square of all members."""

from chassis.database import Transaction

_NO_LOOPS = "SET LOCAL enable_nestloop TO off"


async def without_loops(tx: Transaction) -> None:
    """Forbid loops within loops until the transaction ends.

    What the last seal has rewritten nobody has analysed: how many rows there are is guessed, and guesses of one row invite them.
    """
    await tx.run(_NO_LOOPS)

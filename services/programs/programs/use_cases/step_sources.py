"""What a member says of the own installations: which one counts, and whose keys may write in the background."""

from chassis.database import Database
from mailboxes.readers import Reader
from protocol.messages.steps import InstallKeys, PutInstallKey, StepSource

from programs.errors import TooManyInstalls
from programs.store import changes, install_keys, steps


async def choose_source(db: Database, reader: Reader, chosen: StepSource) -> None:
    """Let this installation count from now on, also for days that were counted before."""
    async with db.transaction("choose-step-source") as tx:
        token = await reader.for_writing(tx)
        await steps.choose(tx, token, chosen.install)
        await changes.all_days(tx, token)


async def read_source(db: Database, reader: Reader) -> StepSource:
    """Return the installation that counts."""
    async with db.statements("read-step-source") as tx:
        token = await reader.for_reading(tx)
        return StepSource(install=await steps.source(tx, token))


async def put_install_key(db: Database, reader: Reader, named: PutInstallKey) -> None:
    """Let an installation's key write steps."""
    async with db.transaction("put-install-key") as tx:
        token = await reader.for_writing(tx)
        known = await install_keys.installs(tx, token)
        if named.install not in known and len(known) >= install_keys.MOST:
            raise TooManyInstalls(most=install_keys.MOST)
        await install_keys.put(tx, token, named.install, named.jkt)


async def read_install_keys(db: Database, reader: Reader) -> InstallKeys:
    """Return which installations have a key."""
    async with db.statements("read-install-keys") as tx:
        token = await reader.for_reading(tx)
        return InstallKeys(installs=await install_keys.installs(tx, token))


async def revoke_install_key(db: Database, reader: Reader, install: bytes) -> None:
    """End an installation's right to write; where it has none nothing changes."""
    async with db.transaction("revoke-install-key") as tx:
        token = await reader.for_writing(tx)
        await install_keys.revoke(tx, token, install)

"""Runs inside networks of its own, as a program: prints, as JSON, what can be reached there.

`wires HOME` has the networks alone, in which at last a path is opened that is not documented; `deployment HOME` has all
that runs in a deployment, and a member signs in.
"""

import asyncio
import json
import sys
from pathlib import Path

from local import namespaces, node_packages
from local.errors import NoNamespaces

UNDOCUMENTED = ("anon-data", "identity", 8443)


async def _wires(home: Path) -> dict[str, object]:
    layout, known = Layout(home, isolated=True), paths.documented()
    home.mkdir()
    await wiring.lay(layout, known)
    plain = await reach.reached(layout, known)
    disguised = await reach.reached(layout, known, source_port=known.ports["members"])
    mistake = "\n".join(wiring.opening(known, paths.Route(*UNDOCUMENTED)))
    await spawn.run(["ip", "-batch", "-"], what="opening a path", stdin=mistake, network=layout.networks / "router")
    opened = await reach.reached(layout, known)
    return {"plain": reach.told(plain), "disguised": reach.told(disguised), "opened": reach.told(opened)}


async def _deployment(home: Path) -> dict[str, object]:
    async with System(home, isolated=True) as system:
        await journey.load(system, 12)
        checkups = await journey.one_session(system)
        found = await reach.reached(system.layout, paths.documented())
        databases = [await postgres.count(system.layout, system.layout.host(host), "pg_database") for host in HOSTS]
    return {"plain": reach.told(found), "checkups": checkups, "databases": databases}


async def _main(what: str, home: Path) -> None:
    print(json.dumps(await (_deployment(home) if what == "deployment" else _wires(home))))


if __name__ == "__main__":
    if sys.argv[1] == "deployment":
        node_packages.portal()  # in there nothing can be fetched
    try:
        # Before anything that may start a thread is imported.
        namespaces.enter()
    except NoNamespaces as error:
        print(error, file=sys.stderr)
        sys.exit(77)
    from local import journey, paths, postgres, spawn, wiring
    from local.layout import HOSTS, Layout
    from local.system import System
    from support import reach

    asyncio.run(_main(sys.argv[1], Path(sys.argv[2])))

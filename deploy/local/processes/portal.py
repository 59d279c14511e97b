"""The portal as a server of static files would serve it; it is built when something of it has changed."""

import asyncio

from local import health, node, node_packages
from local.layout import ROOT, Layout
from local.process import Process

_SERVER = ROOT / "clients" / "portal" / "server" / "serve.mjs"


async def _build(_: Layout) -> None:
    await asyncio.to_thread(node_packages.portal)


PROCESS = Process(
    name="portal",
    port=6,
    command=lambda layout: [str(node.node()), str(_SERVER), str(layout.deployment), layout.site("portal").address],
    log=lambda layout: layout.home / "portal.log",
    ready=health.http(6, "/sign-in/", "portal"),
    place="portal",
    prepare=_build,
)

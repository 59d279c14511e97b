"""The portal's pages, as a server of static files would serve them."""

from local import health, node
from local.layout import ROOT
from local.process import Process

_SERVER = ROOT / "clients" / "portal" / "server" / "serve.mjs"

PROCESS = Process(
    name="portal",
    port=6,
    command=lambda layout: [str(node.node()), str(_SERVER), str(layout.deployment), layout.site("portal").address],
    log=lambda layout: layout.home / "portal.log",
    ready=health.http(6, "/sign-in/", "portal"),
    place="portal",
)

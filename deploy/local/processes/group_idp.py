"""The corporate group's identity provider: npm `oidc-provider`, as a customer would run one."""

from local import health, node
from local.group import config_file
from local.layout import ROOM
from local.process import Process

PROCESS = Process(
    name="group-idp",
    port=0,
    command=lambda layout: [str(node.node()), str(ROOM / "group-idp" / "provider.mjs"), str(config_file(layout))],
    log=lambda layout: layout.group_idp / "provider.log",
    ready=health.http(0, "/.well-known/openid-configuration", "group-idp"),
    place="group-idp",
)

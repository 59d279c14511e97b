"""The daily seal of a local deployment: each host folds and seals with its own command, under its owner role."""

import sys

from local import spawn
from local.layout import Layout


async def host(layout: Layout, name: str) -> str:
    """Seal one running host and return what it reported."""
    folder = layout.host(name)
    module = [sys.executable, "-m", name.replace("-", "_"), "seal"]
    paths = ["--config", str(folder.config), "--owner-url-file", str(folder.owner_url)]
    return await spawn.run([*module, *paths], what=f"sealing {name}", network=layout.network(name))

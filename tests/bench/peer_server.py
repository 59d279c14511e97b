"""Runs one peer: a bare ASGI application under the very server settings that `chassis.main` gives ours.

``python -m bench.peer_server NAME PORT SETTINGS.json``
"""

import json
import sys
from importlib import import_module
from pathlib import Path

import uvicorn

from bench.peer_app import PeerApp

if __name__ == "__main__":
    name, port, settings = sys.argv[1:]
    module = import_module(f"bench.peers.{name}")
    app = PeerApp(module.opened, json.loads(Path(settings).read_text(encoding="utf-8")))
    uvicorn.run(
        app,
        host="127.0.0.1",
        port=int(port),
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
    )

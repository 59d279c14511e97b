"""`make demo`: the whole deployment with a fictional population, once or until Ctrl-C."""

import asyncio
import json
import os
import sys
from pathlib import Path

from local import journey
from local.errors import StepFailed
from local.group import DEMO_PASSPHRASE
from local.layout import HOSTS, ROOT
from local.system import System

_SAMPLES = 3
_DRILL_PORT_OFFSET = 100
"""The drill runs a deployment of its own, on ports of its own."""


async def demo(folder: Path, base_port: int | None, members: int, *, once: bool) -> None:
    """Start everything and let the members live; then drill and end (`once`), or stay and say what can be tried."""
    print(f"Starting five hosts, five databases and the group's identity provider in {folder} ...", flush=True)
    async with System(folder, base_port) as system:
        await journey.run(system, members)
        if not once:
            print(_welcome(system), flush=True)
            await asyncio.Event().wait()
    await _short_drill(system.layout.base_port + _DRILL_PORT_OFFSET)
    print("demo: ok", flush=True)


async def _short_drill(base_port: int) -> None:
    """Seize and attack a small deployment; StepFailed when a cell is red."""
    print("\nThe short drill: a deployment of its own is filled, seized host by host and pair by pair, and attacked.", flush=True)
    paths = os.pathsep.join(str(ROOT / folder) for folder in ("deploy/local", "tests"))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "drill", "--short", "--quiet", "--base-port", str(base_port)),
        env={**os.environ, "PYTHONPATH": paths},
    )
    try:
        if await process.wait() != 0:
            raise StepFailed("the short drill is red")
    except asyncio.CancelledError:
        process.terminate()
        await process.wait()
        raise


def _welcome(system: System) -> str:
    accounts = json.loads(system.layout.group_accounts.read_text(encoding="utf-8"))[:_SAMPLES]
    lines = [
        "",
        "Running. Stop with Ctrl-C; the data stay until `make clean`.",
        "",
        *(f"  {name:<10} {system.origins[name]}" for name in HOSTS),
        f"  {'group':<10} {system.group_issuer}",
        "",
        "Fictional employees who can sign in at the group's provider:",
        *(f"  {a['work_id']}  {a['name']}  passphrase {a.get('passphrase', DEMO_PASSPHRASE)}" for a in accounts),
        "",
        "Things to try, in a second terminal:",
        "  .venv/bin/warifu login                 # sign in with one of them, then: help",
        "  .venv/bin/warifu-registrar status      # what the insurer's workstation knows",
        f"  curl {system.origins['gateway']}/.well-known/openid-configuration",
        f"  less {system.deployment_path}",
        f"  ls -R {system.layout.home / 'hosts'}     # what a thief of one host would have",
        "  make drill                             # what the thief can do with it",
    ]
    return "\n".join(lines)

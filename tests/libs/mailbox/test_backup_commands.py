"""``backup`` and ``replay`` where the configuration says nothing of backups."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from support.store_host import StoreHost


@pytest.mark.parametrize(
    ("command", "names"),
    [("backup", "which names the key that backups are sealed to"), ("replay", "which names the erasure ledger")],
)
async def test_without_the_table_of_backups(host: StoreHost, tmp_path: Path, command: str, names: str) -> None:
    """Without a key nothing is written and without a ledger nothing is let go: each says in one line what is missing."""
    owner, runtime = host.urls.write(tmp_path)
    config, file = tmp_path / "host.toml", tmp_path / "backup"
    config.write_text(
        f'host = "{host.store}"\nbind = "127.0.0.1:0"\ndeployment_file = "deployment.json"\n'
        f'[database]\nurl_file = "{runtime.name}"\n'
    )
    asked = [command, "--config", str(config), "--owner-url-file", str(owner)]
    asked += ["--output", str(file)] if command == "backup" else []
    program = [sys.executable, "-m", host.store.replace("-", "_"), *asked]
    await host.rows("INSERT INTO restore_mark DEFAULT VALUES")
    done = await asyncio.to_thread(subprocess.run, program, check=False, capture_output=True, text=True)

    said = f"{host.store}: the configuration has no table `backup`, {names}\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", said)
    assert (file.exists(), len(await host.rows("SELECT FROM restore_mark"))) == (False, 1)

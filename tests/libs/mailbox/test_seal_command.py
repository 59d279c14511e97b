"""``python -m <store> seal`` folds and seals, while the service serves."""

import asyncio
import subprocess
import sys
from pathlib import Path

from support.store_host import StoreHost

WRITES = {
    "anon-data": (
        "/me/vitals",
        b'{"items": [{"day": "2026-11-20", "kind": "systolic", "value": "120", "unit": "mm[Hg]", "seq": 1}]}',
        "vital",
    ),
    "programs": (
        "/me/step-days",
        b'{"install": "AAAAAAAAAAAAAAAAAAAAAA", "items": [{"day": "2026-11-20", "steps": 7, "seq": 1}]}',
        "step_day",
    ),
}


async def test_fold_and_seal(host: StoreHost, tmp_path: Path) -> None:
    """The command moves the inbox, and says what it did without numbers of members."""
    path, body, table = WRITES[host.store]
    member = await host.member()
    await host.signed(member.reader, member.token, "PUT", path, body)
    owner, runtime = host.urls.write(tmp_path)
    config = tmp_path / "host.toml"
    config.write_text(
        f'host = "{host.store}"\nbind = "127.0.0.1:0"\ndeployment_file = "deployment.json"\n'
        f'[database]\nurl_file = "{runtime.name}"\n'
    )
    package = host.store.replace("-", "_")
    command = [sys.executable, "-m", package, "seal", "--config", str(config), "--owner-url-file", str(owner)]
    done = await asyncio.to_thread(subprocess.run, command, check=False, capture_output=True, text=True)

    assert (done.returncode, done.stderr) == (0, "")
    assert "tables sealed" in done.stdout
    assert [row[0] for row in await host.rows(f"SELECT (SELECT count(*) FROM {table}) - (SELECT count(*) FROM {table}_inbox)")] == [
        1
    ]

"""The gateway as it is deployed: a process of its own, whose database and log are searched afterwards."""

import asyncio
import re
import subprocess
import sys
from pathlib import Path

import httpx
from chassis.clock import SystemClock
from gateway.app import SERVICE
from rooms.gateway.application import Application
from rooms.gateway.house import House, Member, deployment_of, idp_at, write_folder
from support.postgres import DatabaseUrls
from support.upstream import CLIENT_SECRET, Receiver, Upstream, listener, listening, origin_of

FINE_NUMBER = re.compile(r"\d{12,}")


async def started(client: httpx.AsyncClient) -> bool:
    for _ in range(200):
        try:
            if (await client.get("/health/ready")).status_code == 200:
                return True
        except httpx.TransportError:
            pass
        await asyncio.sleep(0.05)
    return False


async def dump(house: House) -> str:
    """Return every row of every table as text, bytes in hexadecimal."""
    tables = await house.sql(
        "SELECT format('%I', relname) AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    )
    rows = [await house.sql(f"SELECT t::text FROM {table['name']} AS t") for table in tables]
    return "\n".join(row[0] for table in rows for row in table)


async def test_nothing_secret_is_kept(tmp_path: Path, emptied: DatabaseUrls) -> None:
    """After a sign-in and while a logout waits, neither rows nor log lines hold a secret, a token or who the employee is."""
    bound = {name: listener() for name in ("gateway", "upstream", "keyvault", "identity")}
    origins = {name: origin_of(one) for name, one in bound.items()}
    address = origins["gateway"].removeprefix("http://")
    bound["gateway"].close()
    clock = SystemClock()
    upstream, receiver = Upstream(origins["upstream"], clock, employee="E-MARKER-77"), Receiver(down=True)
    deployment = deployment_of(origins["gateway"], origins["keyvault"], origins["identity"], idp_at(origins["upstream"]))
    config = write_folder(tmp_path / "gateway", deployment, emptied, address)
    log = tmp_path / "log"
    with log.open("wb") as lines:
        process = subprocess.Popen(  # noqa: ASYNC220  # forking takes a moment
            [sys.executable, "-m", "gateway", "serve", "--config", str(config)], stderr=lines, stdout=lines, start_new_session=True
        )
    try:
        async with (
            listening(upstream.app, bound["upstream"]),
            listening(receiver.app, bound["keyvault"]),
            listening(receiver.app, bound["identity"]),
            httpx.AsyncClient(base_url=origins["gateway"]) as client,
        ):
            assert await started(client), log.read_text()
            member = Member.new("E-MARKER-77")
            receivers = {"keyvault": receiver, "identity": receiver}
            house = House(SERVICE, client, clock, deployment, upstream, receivers, emptied, member)  # type: ignore[arg-type]
            assert (await house.enrol(member)).status_code == 200
            application = Application(house)
            location = await application.returned()
            during = await dump(house)
            code = (await application.come_back(location)).headers["location"].split("code=")[1].split("&")[0]
            with_code = await dump(house)
            answer = (await application.redeem(code)).json()
            other = Application(house)
            await other.sign_out((await other.sign_in())["access_token"])
            assert (await application.refresh(answer["refresh_token"])).status_code == 200
            rows = during + with_code + await dump(house)
    finally:
        process.terminate()
        status = process.wait(10)
    text = log.read_text()
    upstream_state = location.split("state=")[1].split("&")[0]
    secrets = [
        CLIENT_SECRET,
        "E-MARKER",
        application.cookie.split("=")[1],
        application.verifier,
        upstream_state,
        code,
        answer["refresh_token"],
        answer["access_token"],
        answer["id_token"],
        "BEGIN PRIVATE",
    ]

    assert [secret for secret in secrets if secret in rows] == []
    assert [secret for secret in [*secrets, application.state, member.gateway.hex(), "127.0.0.1:49152"] if secret in text] == []
    assert (status, '"route":"/upstream/{name}/callback"' in text, FINE_NUMBER.findall(text)) == (0, True, [])

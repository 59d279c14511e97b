"""Members who are signed in at our gateway, put into its database: signing each of them in would be no part of what is measured."""

import secrets
from datetime import UTC, datetime, timedelta

from protocol.encoding import b64u, sha256

from bench.harness import Bench
from bench.members import Mint
from bench.openid_peer import Person
from bench.openid_program import RESOURCE, SCOPE

_COOKIE = "warifu_session"
_ACR = "urn:warifu:acr:group"
_BROWSER = """
INSERT INTO browser_session (id, cookie, ref, acr, auth_time, idle_until, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $6)"""
_SIGN_IN = """
INSERT INTO sign_in (id, sid_gateway, ref, client_id, jkt, resources, browser_id, scope, acr, auth_time, tells_time,
                     refresh_hash, idle_until, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, false, $11, $12, $12)"""


async def signed_in(bench: Bench, client_id: str, jkt: bytes, people: int) -> list[Person]:
    """Sign so many browsers in, spread over the members, each with one session of the program."""
    employees, now = (await Mint.of(bench)).employees, datetime.now(UTC)
    ends, scope = now + timedelta(hours=8), f"openid {SCOPE}"
    browsers, sessions, made = [], [], []
    for number in range(people):
        ref = employees[number % len(employees)].refs["gateway"]
        browser, cookie, token = secrets.token_bytes(16), secrets.token_bytes(32), secrets.token_bytes(32)
        browsers.append((browser, sha256(cookie), ref, _ACR, now, ends))
        ids = (secrets.token_bytes(16), secrets.token_bytes(16))
        sessions.append((*ids, ref, client_id, jkt, [RESOURCE], browser, scope, _ACR, now, sha256(token), ends))
        made.append(Person(f"{_COOKIE}={b64u(cookie)}", b64u(token)))
    async with bench.owner("gateway") as connection, connection.transaction():
        await connection.executemany(_BROWSER, browsers)
        await connection.executemany(_SIGN_IN, sessions)
    return made

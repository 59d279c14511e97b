"""Reader keys put straight into a store's database, so that many members can be read without signing them all in."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from joserfc.jwk import ECKey
from protocol import proof
from protocol.jose import generate_p256, thumbprint

from bench.harness import Bench
from bench.load import request_bytes

HOST = "anon-data"
_MOST = 200
_UNCLAIMED = "SELECT m.token FROM mailbox m LEFT JOIN reader_key r USING (token) WHERE r.token IS NULL ORDER BY m.token LIMIT $1"


@dataclass(frozen=True)
class Member:
    """A mailbox and the key that reads it."""

    token: bytes
    key: ECKey

    def request(self, origin: str, method: str, path: str, body: bytes = b"") -> bytes:
        """Return one signed request."""
        made = proof.make(self.key, method, origin + path, self.token, body, int(time.time()))
        return request_bytes(method, path, origin.removeprefix("http://"), {proof.HEADER: made}, body)


@asynccontextmanager
async def claimed(bench: Bench, host: str = HOST) -> AsyncIterator[list[Member]]:
    """Give unclaimed mailboxes to fresh keys; afterwards they are unclaimed again."""
    async with bench.owner(host) as connection:
        tokens = [row["token"] for row in await connection.fetch(_UNCLAIMED, _MOST)]
        members = [Member(token, generate_p256()) for token in tokens]
        records = [(member.token, thumbprint(member.key)) for member in members]
        await connection.copy_records_to_table("reader_key", records=records, columns=["token", "jkt"])
        try:
            yield members
        finally:
            await connection.execute("DELETE FROM reader_key WHERE token = ANY($1::bytea[])", tokens)

"""What an operator may ask and do: about applications, token keys and sessions."""

import time
from datetime import UTC, datetime
from pathlib import Path

from authority import opened_keys
from authority.keys import http_client
from chassis.app import Argument, Command, open_database
from chassis.clock import SystemClock
from chassis.config import ConfigError
from protocol.deployment import Deployment
from protocol.encoding import b64u, sha256

from gateway import credentials, secret, token_keys
from gateway.config import GatewayConfig
from gateway.start import Outgoing, assemble
from gateway.token_keys import TokenKeys
from gateway.tokens import IdAlgorithm
from gateway.use_cases import operate


async def _clients(config: GatewayConfig, action: str, to: Path | None) -> str:
    if action == "secret":
        made = secret.fresh()
        # The secret goes to its owner, the hash into a file that `secret_hash_files` names.
        if to is not None:
            token_keys.write_private(to, b64u(sha256(made.encode())) + "\n")
        return made if to is not None else f"{made}\n{b64u(sha256(made.encode()))}"
    lines = []
    for client in config.clients:
        known = credentials.read(client)
        ways = "public" if not client.confidential else f"{len(known.secret_hashes)} secrets, {len(known.keys.keys)} keys"
        lines.append(f"{client.client_id}: {client.profile}, {ways}, {', '.join(client.grant_types)}")
    return "\n".join(lines)


async def _token_keys(config: GatewayConfig, action: str, algorithm: IdAlgorithm, *, compromised: bool) -> str:
    rings = {"ES256": config.keys.token_key_files, "RS256": config.keys.rsa_key_files}
    files, now = rings[algorithm], int(time.time())
    if files is None:
        raise ConfigError("key `keys.rsa_token_key_file`: is needed for RS256")
    if action == "rotate":
        return token_keys.rotate(files, now, compromised=compromised)
    return "\n".join(token_keys.lines(files, now))


async def _sessions(config: GatewayConfig, action: str) -> str:
    db = await open_database(config)
    try:
        if action == "count":
            counted = await operate.count_sessions(db)
            return "\n".join(f"{client_id}: {n}" for client_id, n in counted.items()) or "nobody is signed in"
        with opened_keys(config.host, config.keys) as keys:
            deployment = Deployment.load(config.deployment_file)
            async with http_client(deployment) as http:
                clock = SystemClock()
                own = TokenKeys(config.keys.token_key_files, clock.timestamp())
                gateway = assemble(config, deployment, keys, own, Outgoing(http, http), clock)
            ended = await operate.end_sessions(db, gateway, datetime.now(UTC))
            return f"{ended} sessions ended; the outbox of the running gateway tells the others"
    finally:
        await db.close()


COMMANDS = (
    Command(
        "clients",
        "list applications, or make a secret for one",
        _clients,
        (
            Argument("action", {"choices": ("list", "secret")}),
            Argument("--to", {"type": Path, "metavar": "FILE", "help": "where the secret's hash is written"}),
        ),
    ),
    Command(
        "token-keys",
        "list the keys that sign tokens, or put the next one in use",
        _token_keys,
        (
            Argument("action", {"choices": ("list", "rotate")}),
            Argument("--algorithm", {"choices": ("ES256", "RS256"), "default": "ES256", "help": "default %(default)s"}),
            Argument("--compromised", {"action": "store_true", "help": "at once, and trust the present one no more"}),
        ),
    ),
    Command(
        "sessions",
        "count the sessions of each application, or end them all",
        _sessions,
        (Argument("action", {"choices": ("count", "end")}),),
    ),
)

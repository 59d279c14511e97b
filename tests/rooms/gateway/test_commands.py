"""What an operator asks and does: applications, token keys, sessions."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from chassis.config import ConfigError
from gateway.commands import COMMANDS
from gateway.use_cases import operate
from protocol.encoding import b64u, sha256
from rooms.gateway.application import Application
from rooms.gateway.house import House
from rooms.gateway.program import Browser, Program


def gateway(house: House, *arguments: str) -> subprocess.CompletedProcess[str]:
    config = house.app.state.config.deployment_file.with_name("gateway.toml")
    command = [sys.executable, "-m", "gateway", *arguments, "--config", str(config)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


async def test_operator_ends_every_session(house: House) -> None:
    """Of everybody, everywhere; who is told is told by the outbox."""
    browser, other, shop = Browser(house), Application(house), Program(house)
    tokens = [(await browser.application.sign_in())["refresh_token"], (await other.sign_in())["refresh_token"]]
    await shop.sign_in(browser)
    counted = await operate.count_sessions(house.app.state.db)
    ended = await operate.end_sessions(house.app.state.db, house.app.state.gateway, house.fixed.now())
    left = await house.sql("SELECT (SELECT count(*) FROM sign_in), (SELECT count(*) FROM browser_session)")

    assert (counted, ended, tuple(left[0])) == ({"shop": 1, "warifu-cli": 2}, 3, (0, 0))
    assert (await other.refresh(tokens[1])).json()["error"] == "invalid_grant"


async def test_keys_of_an_algorithm_that_is_not_configured(house: House) -> None:
    """A gateway without a key for RS256 says which key of the configuration is missing, and makes none."""
    config = house.app.state.config
    without = config.model_copy(update={"keys": config.keys.model_copy(update={"rsa_token_key_file": None})})
    (command,) = (each for each in COMMANDS if each.name == "token-keys")
    for action in ("list", "rotate"):
        with pytest.raises(ConfigError, match=r"keys\.rsa_token_key_file"):
            await command.run(without, action=action, algorithm="RS256", compromised=False)


async def test_commands_work_as_processes(house: House, tmp_path: Path) -> None:
    """Lists without secrets; a fresh secret to its owner, its hash into a file of the operator's alone."""
    clients, keys = gateway(house, "clients", "list"), gateway(house, "token-keys", "list")
    hash_file = tmp_path / "new.hash"
    secret = gateway(house, "clients", "secret", "--to", str(hash_file)).stdout.strip()
    counted, ended = gateway(house, "sessions", "count"), gateway(house, "sessions", "end")
    rotated = gateway(house, "token-keys", "rotate")

    assert "shop: oidc-basic, 1 secrets, 0 keys, authorization_code, refresh_token" in clients.stdout
    assert (keys.stdout.strip().endswith(": in use"), hash_file.read_text().strip()) == (True, b64u(sha256(secret.encode())))
    assert oct(hash_file.stat().st_mode & 0o777) == "0o600"
    assert (counted.stdout.strip(), ended.stdout.split("\n")[-2].split()[0]) == ("nobody is signed in", "0")
    assert (rotated.returncode, "token_key_next_path" in rotated.stderr) == (1, True)
    assert json.loads((await house.client.get("/jwks")).text)["keys"][0]["kid"] in keys.stdout

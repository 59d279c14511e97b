"""The command line, as processes: what an operator sees."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from support import sample_service
from support.postgres import DatabaseUrls
from support.sample_service import write_sample

COMMAND = [sys.executable, str(sample_service.__file__)]
ENVIRONMENT = os.environ | {"PYTHONPATH": str(Path(sample_service.__file__).parents[1])}


def _run(*arguments: object) -> tuple[int, str, str]:
    done = subprocess.run(
        [*COMMAND, *map(str, arguments)], check=False, capture_output=True, text=True, env=ENVIRONMENT, timeout=60
    )
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def port() -> int:
    """Find a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def config(database_urls: DatabaseUrls, tmp_path: Path, port: int) -> Path:
    """Write the sample's configuration beside the owner's URL file."""
    database_urls.write(tmp_path)[0].rename(tmp_path / "owner.url")
    return write_sample(tmp_path, database_urls.runtime_url, f"127.0.0.1:{port}")


def _migrate(config: Path) -> tuple[int, str, str]:
    return _run("migrate", "--config", config, "--owner-url-file", config.parent / "owner.url")


@contextmanager
def _served(config: Path, port: int) -> Iterator[tuple[subprocess.Popen[str], httpx.Client]]:
    process = subprocess.Popen(
        [*COMMAND, "serve", "--config", str(config)], env=ENVIRONMENT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
            for _ in range(100):
                try:
                    client.get("/health/live")
                    break
                except httpx.TransportError:
                    time.sleep(0.1)
            yield process, client
    finally:
        process.kill()
        process.communicate()


def test_migrate_check_and_seal(config: Path) -> None:
    """An empty database is migrated, checked and sealed; each says what it did in one line."""
    before = _run("check", "--config", config)
    migrated = _migrate(config)
    again = _migrate(config)
    checked = _run("check", "--config", config)
    sealed = _run("seal", "--config", config, "--owner-url-file", config.parent / "owner.url")

    assert [before, migrated, again, checked, sealed] == [
        (1, "", "programs: database: has no schema yet; run migrate\n"),
        (0, "programs: 202601010900_notes.sql; grants applied\n", ""),
        (0, "programs: nothing pending; grants applied\n", ""),
        (0, "programs: configuration, secrets and database are in order\n", ""),
        (0, "programs: 2 tables sealed; 2 checkpoints; old log segments left: not visible to this role\n", ""),
    ]


def test_check_says_everything_that_is_wrong(config: Path) -> None:
    """A missing file, a deployment file that is not JSON and a wrong password are said together, without a traceback."""
    folder = config.parent
    (folder / "root.key").unlink()
    (folder / "deployment.json").write_text("{", encoding="ascii")
    url = (folder / "runtime.url").read_text(encoding="ascii")
    (folder / "runtime.url").write_text(url.replace("warifu_runtime:", "warifu_runtime:wrong"), encoding="ascii")

    code, _, errors = _run("check", "--config", config)

    assert (code, errors.splitlines()) == (
        1,
        [
            f"programs: key `root_file`: {folder}/root.key is not a readable file",
            f"programs: {folder}/deployment.json: is not JSON",
            f"programs: database: cannot connect with the URL in {folder}/runtime.url (InvalidPasswordError)",
        ],
    )


def test_command_of_its_own(config: Path) -> None:
    """A service's own command prints what it returns, `check` looks at what the service looks at, and both say what is wrong."""
    _migrate(config)
    said = _run("greet", "--config", config)
    config.write_text(config.read_text(encoding="utf-8").replace('"hello"', '""'), encoding="utf-8")
    wrong = (1, "", "programs: key `greeting`: should say something\n")

    assert said == (0, "hello\n", "")
    assert [_run(command, "--config", config) for command in ("greet", "check")] == [wrong, wrong]


def test_unknown_key_is_one_sentence(config: Path) -> None:
    """A configuration error is a sentence and the exit code 1."""
    config.write_text("colour = 1\n" + config.read_text(encoding="utf-8"), encoding="utf-8")

    assert _run("serve", "--config", config) == (1, "", f"programs: {config}: unknown key `colour`\n")


def test_taken_port_is_named(config: Path, port: int) -> None:
    """A taken port is one line naming it."""
    _migrate(config)
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        said = _run("serve", "--config", config)

    assert said == (1, "", f"programs: port {port} on 127.0.0.1 is already taken\n")


def test_serve_refuses_another_schema(config: Path) -> None:
    """A service does not serve a database that was not migrated, and says so in one line."""
    assert _run("serve", "--config", config) == (1, "", "programs: database: has no schema yet; run migrate\n")


def test_openapi_needs_no_configuration() -> None:
    """The OpenAPI document is printed without any configuration."""
    code, text, errors = _run("openapi")

    assert (code, json.loads(text)["info"]["title"], errors) == (0, "programs", "")


def test_store_logs_are_coarse_and_name_nothing(config: Path, port: int) -> None:
    """A store's log has route templates, the day, and neither address, path, duration, time of day nor any text of an error."""
    _migrate(config)
    with _served(config, port) as (process, client):
        answer = client.get("/shelves/broken/confidential", headers={"User-Agent": "telltale"})
        client.get("/secret-path")
        with socket.create_connection(("127.0.0.1", port)) as raw:
            raw.sendall(b"nonsense from a stranger\r\n\r\n")
            raw.recv(100)
        process.send_signal(signal.SIGTERM)
        output, errors = process.communicate(timeout=20)
    lines = [json.loads(line) for line in errors.splitlines()]
    requests = [line for line in lines if line["event"] == "request"]
    day = datetime.now(UTC).date().isoformat()
    words = ("confidential", "telltale", "secret-path", "stranger", "peer", "Traceback")

    assert (
        [(line["method"], line["route"], line["status"]) for line in requests[-2:]],
        {tuple(sorted(line)) for line in requests},
        {line["time"] for line in lines} <= {day},
        [line["error"] for line in lines if line["event"] == "request_failed"],
        [word for word in words if word in errors],
        (output, process.returncode, answer.headers.get("server")),
    ) == (
        [("GET", "/shelves/broken/{word}", 500), ("GET", "unmatched", 404)],
        {("event", "host", "level", "method", "route", "status", "time")},
        True,
        ["RuntimeError"],
        [],
        ("", 0, None),
    )

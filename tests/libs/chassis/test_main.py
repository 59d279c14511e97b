"""The command line, as processes: what an operator sees."""

import json
import signal
import socket
from datetime import UTC, datetime
from pathlib import Path

from support.sample_process import migrate, run, served


def test_migrate_check_and_seal(config: Path) -> None:
    """An empty database is migrated, checked and sealed; each says what it did in one line."""
    before = run("check", "--config", config)
    migrated = migrate(config)
    again = migrate(config)
    checked = run("check", "--config", config)
    sealed = run("seal", "--config", config, "--owner-url-file", config.parent / "owner.url")

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

    code, _, errors = run("check", "--config", config)

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
    migrate(config)
    said = run("greet", "--config", config)
    config.write_text(config.read_text(encoding="utf-8").replace('"hello"', '""'), encoding="utf-8")
    wrong = (1, "", "programs: key `greeting`: should say something\n")

    assert said == (0, "hello\n", "")
    assert [run(command, "--config", config) for command in ("greet", "check")] == [wrong, wrong]


def test_another_services_configuration(config: Path) -> None:
    """A service does not run on the configuration of another, whose keys and database are not its own."""
    config.write_text(config.read_text(encoding="utf-8").replace('host = "programs"', 'host = "keyvault"'), encoding="utf-8")
    said = (1, "", f"programs: {config}: is the configuration of keyvault, not of programs\n")

    assert [run(command, "--config", config) for command in ("check", "serve")] == [said] * 2


def test_a_database_url_without_a_role(config: Path) -> None:
    """Grants are for the role that the runtime's URL names; where it names none, nothing is migrated."""
    url = config.parent / "runtime.url"
    whole = url.read_text(encoding="ascii")
    url.write_text("postgresql://" + whole.partition("@")[2], encoding="ascii")
    said = migrate(config)
    url.write_text(whole, encoding="ascii")

    assert said == (1, "", f"programs: {url}: the database URL should name the runtime role\n")
    assert run("check", "--config", config) == (1, "", "programs: database: has no schema yet; run migrate\n")


def test_unknown_key_is_one_sentence(config: Path) -> None:
    """A configuration error is a sentence and the exit code 1."""
    config.write_text("colour = 1\n" + config.read_text(encoding="utf-8"), encoding="utf-8")

    assert run("serve", "--config", config) == (1, "", f"programs: {config}: unknown key `colour`\n")


def test_taken_port_is_named(config: Path, port: int) -> None:
    """A taken port is one line naming it."""
    migrate(config)
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        said = run("serve", "--config", config)

    assert said == (1, "", f"programs: port {port} on 127.0.0.1 is already taken\n")


def test_serve_refuses_another_schema(config: Path) -> None:
    """A service does not serve a database that was not migrated, and says so in one line."""
    assert run("serve", "--config", config) == (1, "", "programs: database: has no schema yet; run migrate\n")


def test_openapi_needs_no_configuration() -> None:
    """The OpenAPI document is printed without any configuration."""
    code, text, errors = run("openapi")

    assert (code, json.loads(text)["info"]["title"], errors) == (0, "programs", "")


def test_store_logs_are_coarse_and_name_nothing(config: Path, port: int) -> None:
    """A store's log has route templates, the day, and neither address, path, duration, time of day nor any text of an error."""
    migrate(config)
    with served(config, port) as (process, client):
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

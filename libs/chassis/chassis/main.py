"""The command line of every service: ``python -m <service> COMMAND``, and commands of a service's own."""

# ruff: noqa: T201  # a command speaks on its terminal

import argparse
import asyncio
import gc
import json
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn
from urllib.parse import unquote, urlsplit

import structlog
import uvicorn
from fastapi import FastAPI

from chassis import erasures, logs
from chassis.app import create_app, documented_app, open_database
from chassis.backup import backup, restore
from chassis.config import ConfigError, ServiceConfig, load_config, named_files, read_base64url, read_secret, read_secret_text
from chassis.listeners import PartnersDoor, Server, everybodys, listen
from chassis.migrate import differences, migrate
from chassis.seal import SealError, seal
from chassis.service import Argument, C, Service
from chassis.turns import OutOfTurn

GRACE_S = 5
_BACKUPS = {
    "backup": "write the rows of all tables to a file, sealed to the restore key, as the owner role",
    "restore": "fill an empty, migrated database from a backup, as the owner role",
    "replay": "erase from a restored database whom the erasure ledger names, as the owner role",
}
_FILES = {
    "backup": [Argument("--output", {"type": Path, "required": True, "metavar": "FILE"})],
    "restore": [
        Argument("--input", {"type": Path, "required": True, "metavar": "FILE"}),
        Argument("--key-file", {"type": Path, "required": True, "metavar": "FILE"}),
    ],
}


def main(service: Service[C]) -> NoReturn:
    """Run one command and leave: 0 when it worked, 1 with one clear sentence a line when the operator can mend it."""
    arguments = _parsed(service)
    try:
        if arguments.command == "openapi":
            print(openapi(service))
        else:
            config = _load(service, arguments.config)
            match arguments.command:
                case "serve":
                    _serve(service, config)
                case "check":
                    asyncio.run(_check(service, config))
                    print(f"{service.name}: configuration, secrets and database are in order")
                case "migrate":
                    runtime_role = _user(config.database.url_file)
                    owner_url = read_secret_text(arguments.owner_url_file)
                    done = asyncio.run(migrate(owner_url, service.migrations, service.grants, runtime_role))
                    print(f"{service.name}: {', '.join(done) if done else 'nothing pending'}; grants applied")
                case "seal":
                    report = asyncio.run(seal(read_secret_text(arguments.owner_url_file), *service.sealing))
                    print(f"{service.name}: {report}")
                case "backup" | "restore" | "replay" as name:
                    print(f"{service.name}: {asyncio.run(_COMMANDS[name](service, config, arguments))}")
                case name:
                    own = next(command for command in service.commands if command.name == name)
                    print(asyncio.run(own.run(config, **arguments.own)))
    except (ConfigError, SealError, OutOfTurn) as error:
        for line in str(error).splitlines():
            print(f"{service.name}: {line}", file=sys.stderr)
        sys.exit(1)
    except OSError as error:
        print(f"{service.name}: {error.strerror or type(error).__name__}", file=sys.stderr)
        sys.exit(1)
    sys.exit(0)


async def _backup(service: Service[C], config: C, arguments: argparse.Namespace) -> str:
    if config.backup is None:
        raise ConfigError("the configuration has no table `backup`, which names the key that backups are sealed to")
    key = read_base64url(config.backup.restore_key_file)
    tables = await backup(read_secret_text(arguments.owner_url_file), service, key, arguments.own["output"])
    return f"{tables} tables are in {arguments.own['output']}"


async def _restore(service: Service[C], _config: C, arguments: argparse.Namespace) -> str:
    seed = read_secret(arguments.own["key_file"])
    tables = await restore(read_secret_text(arguments.owner_url_file), service, seed, arguments.own["input"])
    return f"{tables} tables restored; run replay before it is served"


async def _replay(service: Service[C], config: C, arguments: argparse.Namespace) -> str:
    gone = await erasures.replay(read_secret_text(arguments.owner_url_file), service, erasures.Ledger.of(config))
    return f"{gone} erased again; the database may be served"


_COMMANDS = {"backup": _backup, "restore": _restore, "replay": _replay}


def openapi(service: Service[C]) -> str:
    """Return the service's OpenAPI document as JSON text, the same bytes for the same code."""
    return json.dumps(documented_app(service).openapi(), indent=2, sort_keys=True, ensure_ascii=False)


def _parsed(service: Service[C]) -> argparse.Namespace:
    given = vars(_parser(service).parse_args())
    of_all = {name: given.pop(name) for name in ("command", "config", "owner_url_file") if name in given}
    return argparse.Namespace(**of_all, own=given)


def _parser(service: Service[C]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"python -m {service.name.replace('-', '_')}")
    commands = parser.add_subparsers(dest="command", required=True)
    texts = {
        "serve": "serve until told to stop",
        "check": "say whether configuration, secrets and database are in order",
        "migrate": "bring the schema forward and apply the grants, as the owner role",
        "seal": "rewrite the sealed tables in random order, as the owner role",
        **(_BACKUPS if service.restoring else {}),
        "openapi": "print the OpenAPI document",
        **{command.name: command.text for command in service.commands},
    }
    own = {command.name: command for command in service.commands}
    for name, text in texts.items():
        command = commands.add_parser(name, help=text, description=text)
        if name != "openapi":
            command.add_argument("--config", type=Path, required=True, metavar="FILE")
        if name in ("migrate", "seal", *_BACKUPS):
            command.add_argument("--owner-url-file", type=Path, required=True, metavar="FILE")
        for argument in own[name].arguments if name in own else _FILES.get(name, ()):
            command.add_argument(argument.name, **argument.options)
    return parser


def _load(service: Service[C], path: Path) -> C:
    config = load_config(path, service.config_kind)
    if config.host != service.name:
        raise ConfigError(f"{path}: is the configuration of {config.host}, not of {service.name}")
    return config


def _user(url_file: Path) -> str:
    user = urlsplit(read_secret_text(url_file)).username
    if not user:
        raise ConfigError(f"{url_file}: the database URL should name the runtime role")
    return unquote(user)


async def _check(service: Service[C], config: C) -> None:
    wrong: list[str] = []
    for key, path in named_files(config):
        if not path.is_file() or not os.access(path, os.R_OK):
            wrong.append(f"key `{key}`: {path} is not a readable file")
    try:
        json.loads(config.deployment_file.read_bytes())
    except OSError:
        pass  # said above
    except ValueError:
        wrong.append(f"{config.deployment_file}: is not JSON")
    wrong += _wrong_with_tls(config)
    try:
        db = await open_database(config)
    except ConfigError as error:
        wrong.append(str(error))
    else:
        try:
            found = await differences(db, service.migrations) or await erasures.waiting(db, service)
            wrong += [f"database: {sentence}" for sentence in found]
        finally:
            await db.close()
    # What a service looks at itself needs the files that were looked at here.
    for look in service.checks if not wrong else ():
        try:
            await look(config)
        except ConfigError as error:
            wrong.append(str(error))
    if wrong:
        raise ConfigError("\n".join(wrong))


def _wrong_with_tls(config: ServiceConfig) -> list[str]:
    try:
        everybodys(config.tls)
    except ConfigError as error:
        return [str(error)]
    return []


def _serve(service: Service[C], config: C) -> None:
    listener = listen(*config.bind_address)
    partners = PartnersDoor(config.partners, config.tls) if config.partners and config.tls else None
    logs.configure(service.name, config.log_level, coarse=service.coarse_logs)
    app = create_app(service, config)
    server = Server(
        uvicorn.Config(
            app,
            loop="uvloop",
            http="httptools",
            ws="none",
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=GRACE_S,
            **everybodys(config.tls),
        ),
        partners,
    )
    failed: list[Exception] = []
    _remember_failure(app, failed, service, config.bind)
    # uvicorn hands the signal on once it has shut down in good order; then the command has worked.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave)
    # What uvicorn says of a start that failed is a traceback; `failed` says it better.
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
    try:
        server.run(sockets=[listener])
    except SystemExit:
        if not failed:
            raise
    if failed:
        error = failed[0]
        if isinstance(error, ConfigError):
            raise error
        structlog.get_logger("chassis").error("start_failed", error=type(error).__name__, frames=logs.frames(error))
        sys.exit(1)


def _remember_failure(app: FastAPI, failed: list[Exception], service: Service[C], bind: str) -> None:
    """Keep what the start raised: uvicorn would only log its traceback."""
    inner = app.router.lifespan_context
    log = structlog.get_logger("chassis")

    @asynccontextmanager
    async def lifespan(application: FastAPI) -> AsyncIterator[None]:
        try:
            async with inner(application):
                logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
                log.info("started", service=service.name, bind=bind)
                # What stands now lasts as long as the process: the collector need not look at it ever again.
                gc.collect()
                gc.freeze()
                # A request makes thousands of objects and leaves none behind: there is little to look for.
                gc.set_threshold(20_000, 20, 20)
                yield
                log.info("stopped", service=service.name)
        except Exception as error:
            failed.append(error)
            raise

    app.router.lifespan_context = lifespan


def _leave(_number: int, _frame: FrameType | None) -> NoReturn:
    sys.exit(0)

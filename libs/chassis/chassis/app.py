"""The application factory: one FastAPI application per service, with everything that all services do alike."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from datetime import datetime

import structlog
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp

from chassis import erasures, health, problems
from chassis.clock import Clock, SystemClock
from chassis.config import ConfigError, ServiceConfig, read_secret_text
from chassis.database import Database
from chassis.direct import Direct
from chassis.intake import AnswerHeaders, Guard
from chassis.limits import Limits, Turnstile
from chassis.logs import RequestLog, frames
from chassis.migrate import differences
from chassis.partners import PartnersApart
from chassis.service import App, Argument, C, Command, Purge, Restoring, Service, Worker, no_state

__all__ = [
    "App",
    "Argument",
    "Command",
    "Purge",
    "Restoring",
    "Service",
    "Worker",
    "create_app",
    "documented_app",
    "no_state",
    "open_database",
]

PURGE_PERIOD_S = 3600.0
_SYSTEM_CLOCK = SystemClock()
_log = structlog.get_logger("chassis.workers")


def create_app(service: Service[C], config: C, *, clock: Clock = _SYSTEM_CLOCK) -> FastAPI:
    """Return a service's application. Its lifespan opens the database and raises ConfigError where the schema is not its own."""
    app = documented_app(service, _lifespan(service, config, clock))
    app.include_router(health.router)
    app.around = lambda inner: _around(app, inner, service, config)
    return app


class Application(FastAPI):
    """An application whose own middlewares stand around the framework's, not within: the short way passes the latter by."""

    around: Callable[[ASGIApp], ASGIApp] | None = None

    def build_middleware_stack(self) -> ASGIApp:
        """Return the whole application; Starlette calls it once, before the first request."""
        inner = super().build_middleware_stack()
        return inner if self.around is None else self.around(inner)


def _around(app: FastAPI, inner: ASGIApp, service: Service[C], config: C) -> ASGIApp:
    short: ASGIApp = Direct(inner, [*service.routers, health.router], problems.malformed_by(app))
    if config.partners is not None:
        short = PartnersApart(short, service.routers)
    guarded: ASGIApp = Turnstile(Guard(short, unread=service.own_bodies), Limits.of(config.max_in_flight, config.database.pool_max))
    if config.cors_origins:
        guarded = CORSMiddleware(
            guarded,
            allow_origins=config.cors_origins,
            allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=["*"],
            expose_headers=["DPoP-Nonce", "ETag", "Location", "Retry-After", "WWW-Authenticate"],
            max_age=600,
        )
    return RequestLog(AnswerHeaders(guarded), coarse=service.coarse_logs)


def documented_app(
    service: Service[C], lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]] | None = None
) -> Application:
    """Return the routes and problem documents of a service, as far as its OpenAPI document needs them: no configuration."""
    app = Application(
        title=service.title or service.name,
        description=service.description,
        version=service.version,
        # The pages for people would load scripts of third parties.
        docs_url=None,
        redoc_url=None,
        # FastAPI would report requests to whatever OpenTelemetry finds in the environment; no trace leaves a host.
        telemetry={"tracing": False, "metrics": False, "logs": False},
        lifespan=lifespan,
    )
    problems.install(app, service.forms)
    for router in service.routers:
        app.include_router(router)
    return app


async def open_database(config: ServiceConfig) -> Database:
    """Open the runtime role's pool; raises ConfigError with a sentence that holds no secret."""
    url = read_secret_text(config.database.url_file)
    try:
        return await Database.open(url, config.database.pool_min, config.database.pool_max)
    except Exception as error:  # noqa: BLE001
        # Any error: asyncpg raises several kinds, and their texts may quote the URL.
        reason = type(error).__name__
        raise ConfigError(f"database: cannot connect with the URL in {config.database.url_file} ({reason})") from None


def _lifespan(service: Service[C], config: C, clock: Clock) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            db = await open_database(config)
            stack.push_async_callback(db.close)
            if wrong := await differences(db, service.migrations) or await erasures.waiting(db, service):
                raise ConfigError("\n".join(f"database: {sentence}" for sentence in wrong))
            app.state.config, app.state.db, app.state.clock = config, db, clock
            app.state.service = service
            started = await stack.enter_async_context(service.start(App(config, db, clock)))
            for name, value in started.items():
                setattr(app.state, name, value)
            workers = [*service.workers, *([_purger(service, db, clock)] if service.purge else [])]
            for worker in workers:
                task = asyncio.create_task(_work(worker, app), name=worker.name)
                stack.push_async_callback(_stop, task)
            yield

    return lifespan


def _purger(service: Service[C], db: Database, clock: Clock) -> Worker:
    async def purge(_state: object) -> None:
        now: datetime = clock.now()
        for hook in service.purge:
            await hook(db, now)

    return Worker("purge", PURGE_PERIOD_S, purge)


async def _work(worker: Worker, app: FastAPI) -> None:
    if not worker.at_start:
        await asyncio.sleep(worker.period_s)
    while True:
        try:
            await worker.run(app.state)
        except Exception as error:  # noqa: BLE001  # a worker outlives whatever its work raises
            _log.error("worker_failed", worker=worker.name, error=type(error).__name__, frames=frames(error))
        await asyncio.sleep(worker.period_s)


async def _stop(task: "asyncio.Task[None]") -> None:
    task.cancel()
    await asyncio.wait([task])

"""Logs: JSON lines on standard error, one event a request, nothing identifying.

A line never holds an exception's text (PostgreSQL quotes values in its own), an argument of a library's message, a path, an
address, a header. At stores (``coarse``) it holds no time finer than the day and no duration either.
"""

import logging
import sys
import time
import traceback
from collections.abc import MutableMapping
from datetime import UTC, datetime
from typing import Any

import orjson
import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

FRAMES = 10
_log = structlog.get_logger("chassis.requests")


def configure(host: str, level: str = "info", *, coarse: bool = False) -> None:
    """Send structlog's and the standard library's records to standard error as JSON lines."""
    threshold = logging.getLevelNamesMapping()[level.upper()]

    def stamp(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        now = datetime.now(UTC)
        event["time"] = now.date().isoformat() if coarse else now.isoformat(timespec="milliseconds")
        event["host"] = host
        return event

    shared: list[Any] = [structlog.processors.add_log_level, stamp, _without_texts]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer(_json)],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[_template_only, *shared],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(threshold, logging.WARNING))
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "asyncio"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = name != "uvicorn.access"
        # Below a warning these speak of addresses and of the server's own life, which `chassis.main` logs itself.
        logger.setLevel(logging.WARNING)


def _json(event: object, **_: object) -> str:
    return orjson.dumps(event, default=repr).decode()


def frames(error: BaseException) -> list[str]:
    """Return the innermost places of an error, as file:line function, without any text that could hold values."""
    return [
        f"{'/'.join(frame.filename.rsplit('/', 2)[-2:])}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)[-FRAMES:]
    ]


class RequestLog:
    """Log one event a request: method, route template, status, and milliseconds where time may be fine."""

    def __init__(self, app: ASGIApp, *, coarse: bool) -> None:
        """Wrap an application."""
        self._app = app
        self._coarse = coarse
        # Bound once: the logger would look at its configuration for each line.
        self._log = _log.bind()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 0
        begun = time.perf_counter()

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, watched)
        finally:
            event: dict[str, object] = {"method": _method(scope), "route": _template(scope), "status": status}
            if not self._coarse:
                event["ms"] = round((time.perf_counter() - begun) * 1000, 1)
            self._log.info("request", **event)


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def _method(scope: Scope) -> str:
    return scope["method"] if scope["method"] in _METHODS else "other"


def _template(scope: Scope) -> str:
    # The path itself may hold a token or a reference; the route's template cannot.
    context = scope.get("fastapi", {}).get("effective_route_context")
    template = getattr(context, "path_format", None) or getattr(scope.get("route"), "path_format", None)
    return template if isinstance(template, str) else "unmatched"


def _without_texts(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    info = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    error = info[1] if isinstance(info, tuple) else info
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        event["frames"] = frames(error)
    event.pop("stack_info", None)
    return event


def _template_only(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    # A library's message with its arguments filled in may quote anything; its first line as written in the source may not.
    record: logging.LogRecord = event["_record"]
    lines = str(record.msg).splitlines() or [""]
    event["event"] = "traceback" if lines[0].startswith("Traceback") else lines[0]
    event["logger"] = record.name
    return event

"""Drive an application in this process, its lifespan included, over httpx."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from chassis.app import create_app
from fastapi import FastAPI


@asynccontextmanager
async def serving(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Start an application and yield a client for it."""
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client,
    ):
        yield client


@asynccontextmanager
async def beside(app: FastAPI) -> AsyncIterator[tuple[FastAPI, httpx.AsyncClient]]:
    """Serve one more instance of a running application: of the same configuration, on the same database."""
    other = create_app(app.state.service, app.state.config, clock=app.state.clock)
    async with serving(other) as client:
        yield other, client

"""The portal as the local deployment serves it."""

from collections.abc import Callable
from pathlib import Path

import httpx
from local import table
from local.layout import PROCESSES
from local.system import System

PORTAL = tuple(process for process in table.load(PROCESSES) if process.name == "portal")


async def test_the_portal_is_at_its_origin(tmp_path: Path, find_base_port: Callable[[], int]) -> None:
    """Its page is there, allows the deployment's gateway alone, and what it says of the deployment is the public file."""
    async with System(tmp_path / "home", find_base_port(), PORTAL) as system, httpx.AsyncClient() as client:
        page = await client.get(system.layout.portal_origin, follow_redirects=True)
        told = await client.get(system.layout.portal_origin + "/deployment.json")

        assert page.status_code == 200
        assert f"connect-src 'self' {system.origins['gateway']};" in page.headers["content-security-policy"]
        assert told.content == system.deployment_path.read_bytes()


async def test_the_gateway_answers_the_portals_page(tmp_path: Path, find_base_port: Callable[[], int]) -> None:
    """The gateway's configuration names the portal's origin, and no other."""
    async with System(tmp_path / "home", find_base_port(), PORTAL) as system:
        text = system.config_paths["gateway"].read_text()

        assert f'cors_origins = ["{system.layout.portal_origin}"]' in text.splitlines()

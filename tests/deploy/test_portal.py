"""The portal as the local deployment serves it."""

import json
from collections.abc import Callable
from pathlib import Path

import httpx
from chassis.config import load_config
from gateway.config import GatewayConfig
from local import table
from local.group import config_file
from local.layout import PROCESSES
from local.system import System

PORTAL = tuple(process for process in table.load(PROCESSES) if process.name == "portal")


async def test_the_portal_is_at_its_origin(tmp_path: Path, find_base_port: Callable[[], int]) -> None:
    """Its pages are there, allow the deployment's hosts and provider, and what it says of the deployment is the public file."""
    async with System(tmp_path / "home", find_base_port(), PORTAL) as system, httpx.AsyncClient() as client:
        page = await client.get(system.layout.portal_origin)
        sign_in = await client.get(system.layout.portal_origin + "/sign-in/")
        told = await client.get(system.layout.portal_origin + "/deployment.json")

        everybody = " ".join([*system.origins.values(), system.group_issuer])
        assert (page.status_code, sign_in.status_code) == (200, 200)
        assert f"connect-src 'self' {everybody};" in page.headers["content-security-policy"]
        assert f"connect-src 'self' {system.origins['gateway']};" in sign_in.headers["content-security-policy"]
        assert told.content == system.deployment_path.read_bytes()


async def test_every_host_answers_the_portals_pages(tmp_path: Path, find_base_port: Callable[[], int]) -> None:
    """Each names the portal's origin, and no other; the gateway and the group's provider lead back to one page of it."""
    async with System(tmp_path / "home", find_base_port(), PORTAL) as system:
        texts = {name: path.read_text() for name, path in system.config_paths.items()}
        provider = json.loads(config_file(system.layout).read_text())
        gateway = load_config(system.config_paths["gateway"], GatewayConfig)

        assert [name for name, text in texts.items() if f'cors_origins = ["{system.layout.portal_origin}"]' not in text] == []
        (client,) = [one for one in gateway.clients if one.client_id == "portal"]
        assert client.redirect_uris == (f"{system.layout.portal_origin}/signed-in/",)
        assert f"{system.layout.portal_origin}/signed-in/" in provider["evidence_client"]["redirect_uris"]

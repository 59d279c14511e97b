"""Whatever asks for a window of the registrar's is a call that the registrar alone may make, known by its certificate."""

from importlib import import_module
from typing import get_type_hints

import pytest
from chassis.partners import partners_routes
from fastapi.routing import APIRoute
from protocol.names import HOSTS, HostName
from windows import RegistrarCall


@pytest.mark.parametrize("host", HOSTS)
def test_calls_in_windows_are_the_registrars(host: HostName) -> None:
    """Of each host's routes, those whose endpoint is given a window's call stand among the partner's."""
    routers = import_module(f"{host.replace('-', '_')}.app").SERVICE.routers
    routes = [route for router in routers for route in router.routes if isinstance(route, APIRoute)]
    asking = {route.path for route in routes if RegistrarCall in get_type_hints(route.endpoint).values()}
    registrars = {route.path for route in partners_routes(routers) if route.partner == "registrar"}

    assert asking != set()
    assert asking - registrars == set()

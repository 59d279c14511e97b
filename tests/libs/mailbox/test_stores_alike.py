"""What both pseudonymous services promise about themselves."""

from support.store_host import StoreHost


async def test_logs_are_coarse(host: StoreHost) -> None:
    """No time finer than a day, no duration, no address in the logs."""
    assert host.service.coarse_logs is True


async def test_no_route_holds_a_member_in_its_path(host: StoreHost) -> None:
    """Tokens travel in signed headers and bodies, never in a path that proxies write down."""
    paths = (await host.client.get("/openapi.json")).json()["paths"]

    assert [path for path in paths if "{" in path] == []
    assert {"/windows", "/mailboxes", "/claims"} <= set(paths)

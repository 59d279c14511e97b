"""What both pseudonymous services promise about themselves."""

import re

from support.store_host import StoreHost


async def test_logs_are_coarse(host: StoreHost) -> None:
    """No time finer than a day, no duration, no address in the logs."""
    assert host.service.coarse_logs is True


# What may stand in a path: a purpose, "me", a day with a code or with a name that is random, a kind, an export's own description; a
# contest, a product, a supplier, a rule and its version; an order's random name, which its supplier knows too; a plan, and a
# workplace group of at least ten people; a report that staff keep, its month and question, an export's random name.
NAMES_NOBODY = {
    "purpose",
    "patient_id",
    "observation_id",
    "claim",
    "kind",
    "job",
    "contest",
    "product",
    "rule",
    "version",
    "order",
    "supplier",
    "plan",
    "workplace",
    "report",
    "month",
    "question",
    "export",
}


async def test_no_route_holds_a_member_in_its_path(host: StoreHost) -> None:
    """Tokens travel in signed headers and bodies, never in a path that proxies write down."""
    paths = (await host.client.get("/openapi.json")).json()["paths"]

    assert {name for path in paths for name in re.findall(r"{(\w+)}", path)} - NAMES_NOBODY == set()
    assert {"/windows", "/mailboxes", "/claims"} <= set(paths)

"""Closing, and counting: nothing is done in a closed window, and what is counted is what was done."""

import asyncio
from dataclasses import replace
from random import Random

import httpx
import pytest
from chassis.app import create_app
from keyvault.app import SERVICE
from protocol.manifest import PURPOSES, WITH_SUBJECTS, Purpose
from protocol.messages.enrolment import Evaluate
from protocol.oprf import BlindedBatch
from protocol.proof import HEADER
from support.authorities import JSON, Host, Registrar, problem
from support.serving import serving
from windows import RegistrarCall, spend
from windows.errors import WindowClosed
from windows.store import windows as store
from windows.use_cases.windows import own

BLINDED = Evaluate(elements=BlindedBatch([b"x"]).blinded["keyvault"])


async def close(registrar: Registrar) -> tuple[int, bytes]:
    headers = {**JSON, HEADER: registrar.proof("/windows/closing", b"")}
    answer = await registrar.host.client.post("/windows/closing", content=b"", headers=headers)
    return answer.status_code, answer.content


@pytest.mark.parametrize("purpose", PURPOSES)
async def test_the_registrar_closes_its_window(keyvault: Host, purpose: Purpose) -> None:
    """A window of any purpose is closed by its own key, and stays closed."""
    subjects = [bytes(16)] if purpose in WITH_SUBJECTS else []
    registrar = await Registrar(keyvault, purpose=purpose, subjects=subjects).opened()
    first = await close(registrar)
    again = await close(registrar)

    assert (first, again[0]) == ((204, b""), 403)
    assert problem(await registrar.post("/evaluations", BLINDED)) == (403, "window-closed")


async def test_the_registrar_sees_what_is_left(keyvault: Host) -> None:
    """What is left of a window is told to its own key, until it is closed."""
    registrar = await Registrar(keyvault, quotas={"member": 5}).opened()
    await registrar.post("/evaluations", BLINDED)

    async def asked() -> httpx.Response:
        headers = {HEADER: registrar.proof("/windows/own", b"", "GET")}
        return await keyvault.client.get("/windows/own", headers=headers)

    answer = await asked()
    await close(registrar)

    assert (answer.status_code, answer.json()["remaining"]) == (200, {"member": 4})
    assert problem(await asked()) == (403, "window-closed")


async def test_only_its_own_key_closes(keyvault: Host) -> None:
    """Another window's key closes nothing here."""
    registrar, other = await Registrar(keyvault).opened(), await Registrar(keyvault).opened()
    registrar.window, own = other.window, registrar.window
    refused = await close(registrar)
    registrar.window = own

    assert refused[0] == 401
    assert (await other.post("/evaluations", BLINDED)).status_code == 200


async def test_nothing_is_counted_after_closing(keyvault: Host) -> None:
    """A call that was admitted just before the window closed can count nothing any more."""
    registrar = await Registrar(keyvault).opened()
    caller = RegistrarCall(registrar.window, "enrol", registrar.hpke.public_bytes, b"")
    await close(registrar)

    with pytest.raises(WindowClosed):
        async with keyvault.app.state.db.transaction("test") as tx:
            await spend(tx, caller, "enrol", 1)
    async with keyvault.app.state.db.transaction("test") as tx:
        assert (await store.remaining(tx, registrar.window))["enrol"] == 1000


async def test_nothing_is_left_of_a_forgotten_window(keyvault: Host) -> None:
    """A call that was admitted just before the window was forgotten hears that it is closed."""
    registrar = await Registrar(keyvault).opened()
    caller = RegistrarCall(registrar.window, "enrol", registrar.hpke.public_bytes, b"")
    db = keyvault.app.state.db
    async with db.transaction("test") as tx:
        await store.delete_windows(tx, keyvault.world.now + 3601)

    with pytest.raises(WindowClosed):
        await own(db, caller)


async def test_two_instances_count_together(keyvault: Host) -> None:
    """Many calls at once, through two applications on one database: the quota is never exceeded, and every answer was counted."""
    second = create_app(SERVICE, keyvault.app.state.config, clock=keyvault.world.clock)
    random = Random(7)
    sizes = [random.randint(1, 4) for _ in range(60)]
    batches = {size: Evaluate(elements=BlindedBatch([b"x"] * size).blinded["keyvault"]) for size in set(sizes)}
    async with serving(second) as client:
        registrar = await Registrar(keyvault, quotas={"member": 50}).opened()
        there = replace(keyvault, client=client, app=second)

        async def call(place: int, size: int) -> tuple[int, int]:
            caller = Registrar(there if place % 2 else keyvault)
            caller.window, caller.key = registrar.window, registrar.key
            answer = await caller.post("/evaluations", batches[size])
            return answer.status_code, size

        answers = await asyncio.gather(*(call(place, size) for place, size in enumerate(sizes)))
    granted = sum(size for status, size in answers if status == 200)
    async with keyvault.app.state.db.transaction("test") as tx:
        left = (await store.remaining(tx, registrar.window))["member"]

    assert {status for status, _ in answers} == {200, 429}
    assert (granted, left) == (50 - left, 50 - granted)
    assert left < 4

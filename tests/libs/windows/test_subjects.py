"""Windows about people: a row is about somebody on the list that two officers signed, or is refused."""

import os
from typing import Any

import pytest
from chassis.problems import Problem
from protocol.manifest import WITH_SUBJECTS, Purpose
from protocol.proof import HEADER
from protocol.subjects import SubjectList, SubjectProof
from support.authorities import JSON, Host, Registrar, problem
from windows import RegistrarCall, RowsRefused, SubjectRefused, require_subjects
from windows.use_cases import calls

PEOPLE = [os.urandom(16) for _ in range(5)]


async def admitted(registrar: Registrar) -> RegistrarCall:
    """What a route is given of a call in this registrar's window."""
    host = registrar.host
    return await calls.admit(
        host.app.state.db,
        host.app.state.once,
        registrar.proof("/anything", b""),
        method="POST",
        url=host.origin + "/anything",
        body=b"",
        purposes=frozenset({registrar.purpose}),
        now=host.world.now,
    )


def refusal(caller: RegistrarCall, rows: list[tuple[bytes, SubjectProof | None]]) -> tuple[type[Problem], object]:
    with pytest.raises((SubjectRefused, RowsRefused)) as caught:
        require_subjects(caller, "keyvault", rows)
    return type(caught.value), caught.value.members["rows"]


@pytest.mark.parametrize("purpose", sorted(WITH_SUBJECTS))
async def test_rows_about_listed_people(keyvault: Host, purpose: Purpose) -> None:
    """In a window of each purpose about people, those on its list, and nobody else, may be acted upon."""
    registrar = await Registrar(keyvault, purpose=purpose, subjects=PEOPLE).opened()
    caller = await admitted(registrar)
    rows: list[tuple[bytes, SubjectProof | None]] = [(ref, registrar.subject(ref)) for ref in PEOPLE]
    require_subjects(caller, "keyvault", rows)
    stranger = os.urandom(16)

    assert refusal(caller, [*rows, (stranger, registrar.subject(PEOPLE[0]))]) == (SubjectRefused, [5])
    assert refusal(caller, [rows[0], (PEOPLE[1], None), rows[2]]) == (SubjectRefused, [1])
    assert refusal(caller, [rows[0], rows[1], rows[0]]) == (RowsRefused, [2])


async def test_another_lists_proof(keyvault: Host) -> None:
    """A proof from another window's list, of another host, or with another salt shows nothing."""
    registrar = await Registrar(keyvault, purpose="suspend", subjects=PEOPLE).opened()
    caller, good = await admitted(registrar), registrar.subject(PEOPLE[0])
    other = SubjectList.make({"keyvault": PEOPLE}).proof("keyvault", PEOPLE[0])
    elsewhere = SubjectList.make({"identity": PEOPLE}).proof("identity", PEOPLE[0])
    changed = good.model_copy(update={"salt": bytes(16)})
    found = [refusal(caller, [(PEOPLE[0], proof)]) for proof in (other, elsewhere, changed)]
    with pytest.raises(SubjectRefused):
        require_subjects(caller, "identity", [(PEOPLE[0], good)])

    assert found == [(SubjectRefused, [0])] * 3


async def test_a_window_without_a_list_is_about_nobody(keyvault: Host) -> None:
    """Where a route asks for subjects, a window of another purpose has none to show."""
    caller = await admitted(await Registrar(keyvault).opened())
    proof = SubjectList.make({"keyvault": PEOPLE}).proof("keyvault", PEOPLE[0])

    assert (caller.subjects, caller.subject_count) == (None, None)
    assert refusal(caller, [(PEOPLE[0], proof)]) == (SubjectRefused, [0])


LISTED = SubjectList.make({"keyvault": PEOPLE})


@pytest.mark.parametrize(
    ("purpose", "changes"),
    [
        ("suspend", {}),
        ("suspend", {"subjects": LISTED.root}),
        ("suspend", {"subject_count": 5}),
        ("suspend", {"subjects": bytes(31), "subject_count": 5}),
        ("suspend", {"subjects": LISTED.root, "subject_count": 0}),
        ("enrol", {"subjects": LISTED.root, "subject_count": 5}),
        ("suspend", {"subjects": LISTED.root, "subject_count": 5, "quotas": {"erase": 1}}),
        ("enrol", {"quotas": {"mailbox": 1}}),
        ("enrol", {"quotas": {"everything": 1}}),
        ("enrol", {"quotas": {"enrol": 2**62}}),
    ],
    ids=[
        "no-list",
        "no-count",
        "no-root",
        "short-root",
        "empty",
        "list-too-many",
        "other-purpose",
        "other-zone",
        "unknown",
        "huge",
    ],
)
async def test_refused_manifest(keyvault: Host, purpose: Purpose, changes: dict[str, Any]) -> None:
    """A window about people has a list, others have none, and each counts only what belongs to its purpose and zone."""
    registrar = Registrar(keyvault, purpose=purpose, changes=changes)

    assert problem(await registrar.open()) == (403, "window-refused")


async def test_the_list_comes_to_no_host(keyvault: Host) -> None:
    """What a host keeps of a window is the root and the count: neither tells who is on the list."""
    registrar = await Registrar(keyvault, purpose="suspend", subjects=PEOPLE).opened()
    body = b""
    headers = {**JSON, HEADER: registrar.proof("/windows", body)}
    await keyvault.client.post("/windows", content=body, headers=headers)
    caller = await admitted(registrar)
    listed = registrar.listed
    assert listed is not None

    assert (caller.subjects, caller.subject_count) == (listed.root, 5)
    assert [ref for ref in PEOPLE if ref in registrar.signed.raw] == []

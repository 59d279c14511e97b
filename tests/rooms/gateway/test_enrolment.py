"""The gateway's part of an enrolment: the references at the other authorities."""

from dataclasses import replace

from rooms.gateway.application import Application
from rooms.gateway.house import House, Member


async def test_same_batch_again_is_fine(house: House) -> None:
    """Enrolling the same members again changes nothing."""
    again = await house.enrol(house.member)
    rows = await house.sql("SELECT count(*) FROM pairwise_reference")

    assert (again.status_code, rows[0][0]) == (200, 1)


async def test_references_never_change(house: House) -> None:
    """Other references for a member, or a reference of somebody else's, are refused, and no row is stored."""
    changed = await house.enrol(replace(house.member, keyvault=bytes(16)))
    taken = await house.enrol(replace(Member.new("E-0002"), identity=house.member.identity))
    accounts = await house.sql("SELECT count(*) FROM account")

    assert [(each.status_code, each.json()["type"], each.json()["rows"]) for each in (changed, taken)] == [
        (409, "references-taken", [0]),
        (409, "references-taken", [0]),
    ]
    assert accounts[0][0] == 1


async def test_rows_without_references_are_refused(house: House) -> None:
    """Here every row says under which references the others know the member."""
    answer = await house.enrol(Member.new("E-0002"), told=False)

    assert (answer.status_code, answer.json()["type"], answer.json()["rows"]) == (400, "rows-refused", [0])


async def test_verifier_is_of_the_providers_issuer(house: House) -> None:
    """An employee number at another issuer is another person."""
    stranger = Member.new("E-0003")
    await house.enrol(stranger, issuer="https://other-group.example")
    house.upstream.employee = "E-0003"
    application = Application(house)

    assert (await application.come_back(await application.returned())).status_code == 403

"""The gateway as one of three authorities: it accepts its own tokens, on the member's own evidence."""

from protocol import jose
from protocol.release import SealedPart
from protocol.sealing import XWingPrivateKey
from rooms.gateway.application import Application
from rooms.gateway.house import House, keys_of
from rooms.gateway.releases import release


async def test_share_is_released_on_evidence(house: House) -> None:
    """A signed-in member with evidence receives a part that opens with the session's key."""
    application, session = Application(house), XWingPrivateKey.generate()
    answer = await release(house, application, (await application.sign_in())["access_token"], session)
    part = SealedPart.model_validate_json(answer.content).open(
        session, jose.thumbprint(application.key), keys_of("gateway").signing.public_bytes
    )

    assert (answer.status_code, [share.v for share in part.shares]) == (200, [0])


async def test_evidence_of_a_colleague_is_refused(house: House) -> None:
    """The token says who; evidence of somebody else releases nothing."""
    application = Application(house)
    token = (await application.sign_in())["access_token"]
    house.upstream.employee = "E-0002"
    answer = await release(house, application, token, XWingPrivateKey.generate())

    assert (answer.status_code, answer.json()["type"]) == (403, "evidence-refused")


async def test_nothing_is_released_after_sign_out(house: House) -> None:
    """A session that was ended, even after a release, is answered by nothing but its end."""
    application, session = Application(house), XWingPrivateKey.generate()
    token = (await application.sign_in())["access_token"]
    first = await release(house, application, token, session)
    await application.sign_out(token)
    second = await release(house, application, token, session)

    assert (first.status_code, second.status_code, second.json()["type"]) == (200, 401, "session-ended")


async def test_pinned_keys_are_shown(shared: House) -> None:
    """An operator can compare what is pinned with what is there."""
    answer = await shared.client.get("/authority")

    assert answer.json() == shared.deployment.authorities["gateway"].model_dump(mode="json")


async def test_no_back_channel_here(shared: House) -> None:
    """The gateway tells of logouts; nobody tells it."""
    assert (await shared.client.post("/backchannel-logout")).status_code == 404

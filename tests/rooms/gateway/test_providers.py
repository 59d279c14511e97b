"""Several providers of the group: who chooses, who answers for whom, and what a provider that is down leaves standing."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from gateway.upstream import ProviderUnreachable
from gateway.upstream.exchange import provider_client
from joserfc.jwk import RSAKey
from rooms.gateway.application import REDIRECT, Application
from rooms.gateway.at_provider import party_at
from rooms.gateway.house import Door, House, Member, house_in, idp_at
from support.postgres import DatabaseUrls
from support.upstream import Upstream


@dataclass
class Joint:
    """A gateway of two companies, each with a provider of its own and somebody of the same work id."""

    house: House
    sister: Upstream
    member: Member
    """The sister company's."""


@pytest.fixture
async def joint(tmp_path: Path, emptied: DatabaseUrls, neighbours: dict[str, Door]) -> AsyncIterator[Joint]:
    """Start a gateway with two providers, one of which signs with RSA."""
    door = neighbours["sister"]
    idps = (
        idp_at(neighbours["upstream"].origin, title_ja="親会社", title_en="Parent & Co."),
        idp_at(door.origin, name="sister", title_ja="姉妹会社", title_en="Sister", algorithms=("RS256",)),
    )
    async with house_in(tmp_path / "gateway", emptied, neighbours, *idps) as house:
        sister = Upstream(door.origin, house.clock, key=RSAKey.generate_key(2048))
        door.app = sister.app
        member = Member.new("E-0001")
        assert (await house.enrol(member, issuer=door.origin)).status_code == 200
        yield Joint(house, sister, member)


def links(page: str) -> list[tuple[str, str]]:
    """Return where a page leads on to, and by which words."""
    found = re.findall(r'<a id="[^"]*" href="([^"]*)">(.*?)</a>', page)
    return [(unescape(url), " ".join(unescape(re.sub("<[^>]*>", " ", words)).split())) for url, words in found]


def told(url: str) -> tuple[str, dict[str, str]]:
    """Return where a link leads to, and with what."""
    parts = urlsplit(url)
    return parts._replace(query="").geturl(), dict(parse_qsl(parts.query))


async def test_application_chooses(joint: Joint) -> None:
    """The application names the issuer, and the same work id is another member there."""
    seen = []
    for provider in (joint.house.upstream, joint.sister):
        application = Application(joint.house)
        await application.code(provider=provider.origin)
        seen += await joint.house.sql("DELETE FROM authorization_attempt RETURNING ref")

    assert [bytes(row[0]) for row in seen] == [joint.house.member.gateway, joint.member.gateway]


async def test_person_chooses(joint: Joint) -> None:
    """Where the application names none, a page without script offers the companies, and may be loaded again."""
    application = Application(joint.house)
    request_uri = (await application.push()).json()["request_uri"]
    pages = [await application.authorize(request_uri) for _ in range(2)]
    offered = links(pages[1].text)
    sent = await joint.house.client.get(offered[1][0])

    assert [page.status_code for page in pages] == [200, 200]
    assert (pages[0].text == pages[1].text, "script" in pages[0].text) == (True, False)
    assert [words for _, words in offered] == ["親会社 Parent & Co.", "姉妹会社 Sister"]
    assert (sent.status_code, sent.headers["location"].startswith(joint.sister.origin)) == (303, True)


async def test_choosing_takes_its_time_once(joint: Joint) -> None:
    """A person has five minutes, however often the page is loaded; a choice is made once."""
    application, slow = Application(joint.house), Application(joint.house)
    request_uris = [(await one.push()).json()["request_uri"] for one in (application, slow)]
    for one, request_uri in zip((application, slow), request_uris, strict=True):
        await one.authorize(request_uri)
    joint.house.fixed.advance(timedelta(minutes=4))
    chosen = [(await application.authorize(request_uris[0], provider="sister")).status_code for _ in range(2)]
    await slow.authorize(request_uris[1])
    joint.house.fixed.advance(timedelta(minutes=1))

    assert (chosen, (await slow.authorize(request_uris[1], provider="sister")).status_code) == ([303, 400], 400)


async def test_nobody_else_changes_the_choice(joint: Joint) -> None:
    """What the application pushed counts, whatever the URL says."""
    application = Application(joint.house)
    request_uri = (await application.push(provider=joint.house.upstream.origin)).json()["request_uri"]
    sent = await application.authorize(request_uri, provider="sister")

    assert sent.headers["location"].startswith(joint.house.upstream.origin)


@pytest.mark.parametrize("provider", ["https://evil.example", "sister"])
async def test_unknown_provider(joint: Joint, provider: str) -> None:
    """An application cannot name a provider that is not the deployment's; a URL that names none offers the choice."""
    application = Application(joint.house)
    refused = await application.push(provider=provider)
    request_uri = (await application.push()).json()["request_uri"]

    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_request")
    assert len(links((await application.authorize(request_uri, provider="https://evil.example")).text)) == 2


async def test_rfc_9700_4_4_mix_up(joint: Joint) -> None:
    """An answer of one provider at the other's redirect URI is refused before any token endpoint is asked, and uses nothing up."""
    application = Application(joint.house)
    location = await application.returned(provider=joint.house.upstream.origin)
    elsewhere = location.replace("/upstream/group/", "/upstream/sister/")
    nowhere = location.replace("/upstream/group/", "/upstream/other/")
    statuses = [(await application.come_back(url)).status_code for url in (elsewhere, nowhere, location)]

    assert (statuses, joint.sister.redeemed, joint.house.upstream.redeemed) == ([400, 400, 303], 0, 1)


async def test_rfc_9700_4_4_issuers_do_not_vouch_for_each_other(joint: Joint) -> None:
    """Each provider says only for itself who somebody is: an answer that names the other, and its ID tokens, are refused."""
    application = Application(joint.house)
    location = await application.returned(provider=joint.sister.origin)
    named = location.replace("iss=" + joint.sister.origin.replace(":", "%3A").replace("/", "%2F"), "iss=http%3A%2F%2F127.0.0.1%3A1")
    joint.sister.claims = {"iss": joint.house.upstream.origin}
    other = Application(joint.house)

    assert named != location
    assert (await application.come_back(named)).status_code == 400
    assert (await other.come_back(await other.returned(provider=joint.sister.origin))).status_code == 400


async def test_providers_have_distinct_redirect_uris_and_challenges(joint: Joint) -> None:
    """No redirect URI, nonce or PKCE challenge is the same at two providers; the cookie goes to one path alone."""
    seen = []
    for name, provider in (("group", joint.house.upstream), ("sister", joint.sister)):
        application = Application(joint.house)
        sent = await application.authorize((await application.push(provider=provider.origin)).json()["request_uri"])
        asked = dict(parse_qsl(urlsplit(sent.headers["location"]).query))
        assert asked["redirect_uri"] == f"http://localhost:8101/upstream/{name}/callback"
        assert f"path=/upstream/{name}/callback" in sent.headers["set-cookie"].lower()
        seen.append(asked)

    assert all(seen[0][name] != seen[1][name] for name in ("redirect_uri", "nonce", "code_challenge", "state"))


async def test_nobody_learns_which_company(joint: Joint) -> None:
    """As soon as it is known who signs in, no row says at which provider."""
    application = Application(joint.house)
    location = await application.returned(provider=joint.sister.origin)
    before = await joint.house.sql("SELECT provider FROM authorization_attempt")
    await application.come_back(location)
    after = await joint.house.sql("SELECT provider, ref FROM authorization_attempt")

    assert ([row[0] for row in before], [(row[0], bytes(row[1])) for row in after]) == (["sister"], [(None, joint.member.gateway)])


async def test_one_that_is_down_is_no_harm_to_the_other(joint: Joint) -> None:
    """Who signs in at the provider that is up notices nothing; who does not sees a page that leads back, and may try again."""
    joint.sister.down = True
    application, other = Application(joint.house), Application(joint.house)
    request_uri = (await application.push(provider=joint.sister.origin)).json()["request_uri"]
    page = await application.authorize(request_uri)
    good = await other.redeem(await other.code(provider=joint.house.upstream.origin))
    joint.sister.down = False
    joint.house.fixed.advance(timedelta(seconds=10))
    again = await application.authorize(request_uri)

    assert (page.status_code, good.status_code, again.status_code) == (503, 200, 303)
    assert [told(url) for url, _ in links(page.text)] == [
        (REDIRECT, {"error": "temporarily_unavailable", "state": application.state, "iss": "http://localhost:8101"})
    ]


async def test_down_while_somebody_signs_in(house: House) -> None:
    """A provider that goes down before its code is redeemed leads to a page, and from there back to the application."""
    application = Application(house)
    location = await application.returned()
    house.upstream.down = True
    page = await application.come_back(location)

    assert (page.status_code, told(links(page.text)[0][0])[1]["error"]) == (503, "temporarily_unavailable")


async def test_not_enrolled_leads_back(house: House) -> None:
    """Who is not enrolled reads why, and goes back to the application, which can offer another way in."""
    house.upstream.employee = "E-9999"
    application = Application(house)
    page = await application.come_back(await application.returned())
    url, words = links(page.text)[0]
    said = {"error": "access_denied", "state": application.state, "iss": "http://localhost:8101"}

    assert (page.status_code, told(url), words) == (403, (REDIRECT, said), "アプリに戻る Back to the app")


async def test_pages_quote_nothing_that_breaks_out(house: House) -> None:
    """A state full of markup stays a parameter."""
    house.upstream.employee = "E-9999"
    application = Application(house, state='"><script>alert(1)</script>&state=x')
    page = await application.come_back(await application.returned())

    assert ("<script" in page.text, told(links(page.text)[0][0])[1]["state"]) == (False, application.state)


async def test_metadata_is_kept_and_looked_at_again(house: House) -> None:
    """Metadata is fetched once an hour, keys once in five minutes; many at once make one look."""
    await Application(house).sign_in()
    await Application(house).sign_in()
    first = (house.upstream.looked_at, house.upstream.fetched)
    house.fixed.advance(timedelta(hours=1))
    await Application(house).sign_in()

    assert (first, (house.upstream.looked_at, house.upstream.fetched)) == ((1, 1), (2, 2))


async def test_a_provider_that_is_down_is_asked_once_in_ten_seconds(house: House) -> None:
    """However many ask meanwhile: nobody waits for it again and again."""
    async with provider_client() as http:
        party = party_at(house.upstream, http)
        house.upstream.down = True
        refusals = 0
        for _ in range(3):
            with pytest.raises(ProviderUnreachable):
                await party.provider.metadata()
            refusals += 1
        house.upstream.down = False
        with pytest.raises(ProviderUnreachable):
            await party.provider.metadata()
        house.fixed.advance(timedelta(seconds=10))
        found = await party.provider.metadata()

    assert (refusals, found.token_endpoint, house.upstream.looked_at) == (3, f"{house.upstream.origin}/token", 1)


@pytest.mark.parametrize(
    "document",
    [
        {"issuer": "https://evil.example"},
        {"jwks_uri": "http://evil.example/keys"},
        {"token_endpoint": "http://169.254.169.254/token"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"userinfo_endpoint": "ftp://evil.example/"},
        {"token_endpoint": None},
        {"jwks_uri": 7},
    ],
)
async def test_metadata_that_leads_elsewhere(house: House, document: dict[str, Any]) -> None:
    """Discovery for another issuer, or with an endpoint that is less than TLS, is as good as none."""
    house.upstream.metadata = document
    application = Application(house)
    answer = await application.authorize((await application.push()).json()["request_uri"])

    assert (answer.status_code, "location" in answer.headers) == (503, False)


async def test_somebody_who_was_to_go_to_a_provider_goes_to_the_portal(joint: Joint) -> None:
    """A request that names a provider may be proved at the portal instead; the provider is forgotten there."""
    application = Application(joint.house)
    request_uri = (await application.push(provider=joint.sister.origin)).json()["request_uri"]
    sent = await joint.house.client.get("/local-sign-in", params={"client_id": "warifu-cli", "request_uri": request_uri})

    kept = await joint.house.sql("SELECT provider FROM authorization_attempt")

    assert (sent.status_code, [row[0] for row in kept]) == (303, [None])

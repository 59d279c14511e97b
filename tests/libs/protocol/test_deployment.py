"""The public description of a deployment: what could not be meant is refused when it is read."""

from typing import Any

import pytest
from protocol.authority_keys import AuthorityKeys
from protocol.deployment import Deployment, GroupIdp, OfficerList, Portal
from protocol.names import AUTHORITIES, HOSTS, HostName
from pydantic import ValidationError

ORIGINS: dict[HostName, str] = {host: f"http://localhost:{8101 + place}" for place, host in enumerate(HOSTS)}
FIELDS: dict[str, Any] = {
    "insurer": "00000000",
    "origins": ORIGINS,
    "authorities": {host: AuthorityKeys(host, bytes(32), bytes(32)).public() for host in AUTHORITIES},
    "group_idps": (
        GroupIdp(issuer="https://one.example", evidence_client="e"),
        GroupIdp(issuer="https://two.example", evidence_client="e", name="two"),
    ),
    "officers": OfficerList(number=1, officers=()),
    "insurer_key": bytes(1216),
}


@pytest.mark.parametrize(
    "origin", ["https://gateway.example", "https://gateway.example:8443", "http://127.0.0.1:1", "http://[::1]:8101"]
)
def test_origins_are_read(origin: str) -> None:
    """An origin is scheme, host and a port that is not the scheme's own."""
    assert Deployment(**{**FIELDS, "origins": {**ORIGINS, "gateway": origin}}).origins["gateway"] == origin


@pytest.mark.parametrize(
    "origin",
    [
        "",
        "gateway.example",
        "https://",
        "https://gateway.example/",
        "https://gateway.example/path",
        "https://gateway.example?x",
        "https://gateway.example:443",
        "http://gateway.example:80",
        "https://gateway.example:0443",
        "https://gateway.example:",
        "https://user@gateway.example",
        "https://Gateway.example",
        "HTTPS://gateway.example",
        "ftp://gateway.example",
        "https://gateway.example\n",
        "https://割符.example",
        ORIGINS["identity"],
    ],
)
def test_other_origins_are_refused(origin: str) -> None:
    """Anything that a browser would write otherwise is refused, and one origin for two hosts."""
    with pytest.raises(ValidationError, match="origin") as caught:
        Deployment(**{**FIELDS, "origins": {**ORIGINS, "gateway": origin}})

    assert caught.value.error_count() == 1


@pytest.mark.parametrize("what", ["issuer", "name"])
def test_a_provider_stands_once(what: str) -> None:
    """Two entries for one issuer would leave open which client and claim count, two of a name where an answer comes back."""
    first, second = FIELDS["group_idps"]
    with pytest.raises(ValidationError, match=what) as caught:
        Deployment(**{**FIELDS, "group_idps": (first, second.model_copy(update={what: getattr(first, what)}))})

    assert caught.value.error_count() == 1


@pytest.mark.parametrize(
    ("origin", "rp_id"),
    [
        ("https://portal.example/", "portal.example"),
        ("https://portal.example", "other.example"),
        ("https://portal.example", "www.portal.example"),
        ("https://badportal.example", "portal.example"),
        ("", ""),
    ],
)
def test_a_portal_stands_under_its_relying_party(origin: str, rp_id: str) -> None:
    """Passkeys of a domain live on its own pages and those below it, at an origin; on no other do they verify anything."""
    with pytest.raises(ValidationError, match="a portal is an origin"):
        Portal(origin=origin, rp_id=rp_id)
    good = [Portal(origin=f"https://{host}", rp_id="portal.example") for host in ("portal.example", "www.portal.example")]

    assert [portal.rp_id for portal in good] == ["portal.example"] * 2


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"message_links": ("https://clinic.example", "https://clinic.example/page")}, "messages link to origins"),
        ({"message_links": ("clinic.example",)}, "messages link to origins"),
        ({"search_epochs": (2, 4)}, "an epoch of search keys follows"),
        ({"search_epochs": (2, 2)}, "an epoch of search keys follows"),
        ({"search_epochs": (2, 1)}, "an epoch of search keys follows"),
    ],
)
def test_links_and_epochs(changes: dict[str, Any], said: str) -> None:
    """Messages link to whole origins, and search keys follow one another without a gap."""
    with pytest.raises(ValidationError, match=said):
        Deployment(**{**FIELDS, **changes})
    good = Deployment(**{**FIELDS, "message_links": ("https://clinic.example",), "search_epochs": (2, 3)})

    assert good.search_epochs == (2, 3)


@pytest.mark.parametrize("algorithms", [(), ("none",), ("HS256",), ("ES256", "HS512"), ("es256",)])
def test_only_signatures_are_evidence(algorithms: tuple[str, ...]) -> None:
    """What anybody with a public key or a shared secret could make is no algorithm of a provider."""
    with pytest.raises(ValidationError) as caught:
        GroupIdp(issuer="https://one.example", evidence_client="e", algorithms=algorithms)

    assert {error["loc"][0] for error in caught.value.errors()} == {"algorithms"}
    assert GroupIdp(issuer="https://one.example", evidence_client="e", algorithms=("RS256", "ES256")).algorithms == (
        "RS256",
        "ES256",
    )


APART = {host: f"https://{host}.example:8444" for host in HOSTS}


@pytest.mark.parametrize(
    ("apart", "authority"),
    [
        ({"gateway": APART["gateway"]}, "PEM"),
        (APART, None),
        ({**APART, "gateway": "http://gateway.example:8444"}, "PEM"),
    ],
)
def test_partners_origins_are_all_or_none(apart: dict[HostName, str], authority: str | None) -> None:
    """Partners call all five where they have certificates, or none; never without TLS and an authority."""
    with pytest.raises(ValidationError):
        Deployment(**{**FIELDS, "partner_origins": apart, "tls_authority": authority})


def test_where_partners_call() -> None:
    """At the partners' origin where there is one, else where everybody does."""
    apart = Deployment(**{**FIELDS, "partner_origins": APART, "tls_authority": "PEM"})

    assert apart.partner_origin("keyvault") == APART["keyvault"]
    assert Deployment(**FIELDS).partner_origin("keyvault") == ORIGINS["keyvault"]

"""The partners' listener: who gets in, who gets which answer, and what everybody's listener does not know."""

import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from local import certificates
from local.layout import Site
from protocol.deployment import Deployment
from protocol.trust import trust
from support.sample_process import migrate, run, served
from support.store_host import deployment

AUDIT = "/shelves/top/audit"
HERE = Site("localhost", "127.0.0.1", 0)


@dataclass
class House:
    """A running sample with both listeners, and what its callers need."""

    folder: Path
    authority: certificates.Signer
    everybodys: httpx.Client
    partners_port: int

    def client(self, partner: str | None, *, authority: certificates.Signer | None = None) -> httpx.Client:
        """Return somebody with a certificate of this name, or without one, who comes to the partners' listener."""
        checks = trusting(self.authority)
        if partner is not None:
            checks.load_cert_chain(written(self.folder, authority or self.authority, partner, None))
        return httpx.Client(base_url=f"https://localhost:{self.partners_port}", verify=checks)


def trusting(authority: certificates.Signer) -> ssl.SSLContext:
    """Return a client's checks."""
    return ssl.create_default_context(cadata=authority[1].public_bytes(Encoding.PEM).decode("ascii"))


def described(authority: certificates.Signer) -> Deployment:
    """Return a deployment whose hosts have certificates of this authority."""
    return deployment().model_copy(update={"tls_authority": authority[1].public_bytes(Encoding.PEM).decode("ascii")})


def written(folder: Path, authority: certificates.Signer, partner: str, site: Site | None) -> Path:
    """Write a key and its certificate into one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    file = folder / f"{partner}.pem"
    file.touch(mode=0o600)
    file.write_text(certificates.pem(key) + certificates.issue(authority, key, partner, site).decode("ascii"), encoding="ascii")
    return file


def with_tls(config: Path, authority: certificates.Signer, site: Site = HERE) -> int:
    """Give a configuration both listeners, and return the partners' port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    folder = config.parent
    written(folder, authority, "own", site)
    (folder / "authority.pem").write_bytes(authority[1].public_bytes(Encoding.PEM))
    more = (
        '[tls]\ncertificate_file = "own.pem"\nkey_file = "own.pem"\n'
        f'[partners]\nbind = "127.0.0.1:{port}"\nauthority_file = "authority.pem"\n'
    )
    config.write_text(config.read_text(encoding="utf-8") + more, encoding="utf-8")
    return port


@pytest.fixture
def house(config: Path, port: int) -> Iterator[House]:
    """Serve with both listeners."""
    authority = certificates.make_authority()
    partners_port = with_tls(config, authority)
    migrate(config)
    with served(config, port, trusting(authority)) as (_, client):
        yield House(config.parent, authority, client, partners_port)


def test_each_listener_answers_its_own(house: House) -> None:
    """A partner's call is answered to that partner at the partners' listener, and unknown to all others and everywhere else."""
    with house.client("auditor") as auditor, house.client("supplier") as supplier:
        answers = {
            "the auditor's": auditor.get(AUDIT),
            "the auditor's, elsewhere": house.everybodys.get(AUDIT),
            "the auditor's, to a supplier": supplier.get(AUDIT),
            "everybody's": house.everybodys.get("/shelves/greeting"),
            "everybody's, at the partners'": auditor.get("/shelves/greeting"),
            "nobody's": house.everybodys.get("/nowhere"),
        }

    assert {whose: answer.status_code for whose, answer in answers.items()} == {
        "the auditor's": 200,
        "the auditor's, elsewhere": 404,
        "the auditor's, to a supplier": 404,
        "everybody's": 200,
        "everybody's, at the partners'": 404,
        "nobody's": 404,
    }
    assert answers["the auditor's, elsewhere"].json() == answers["nobody's"].json()


def test_nobody_without_a_certificate_of_the_authority(house: House) -> None:
    """Without a certificate, or with one that somebody else signed, no request is answered."""
    strangers = certificates.make_authority()

    for client in (house.client(None), house.client("auditor", authority=strangers)):
        with client, pytest.raises(httpx.TransportError):
            client.get(AUDIT)


def test_another_name(config: Path, port: int) -> None:
    """A host whose certificate names another place is not called."""
    authority = certificates.make_authority()
    with_tls(config, authority, Site("gateway.warifu.test", "192.0.2.1", 0))
    migrate(config)

    careless = trusting(authority)
    careless.check_hostname = False

    checks = trust(described(authority))
    assert checks is not None
    with served(config, port, careless) as (_, client), httpx.Client(verify=checks) as careful:
        assert client.get("/shelves/greeting").status_code == 200
        with pytest.raises(httpx.ConnectError, match=r"[Mm]ismatch"):
            careful.get(f"https://localhost:{port}/shelves/greeting")


def test_an_authority_that_is_not_the_deployments(house: House, port: int) -> None:
    """What a client of the hosts trusts is the pinned authority alone, in TLS 1.3 alone; without one it is left to the system."""
    own, others = trust(described(house.authority)), trust(described(certificates.make_authority()))
    assert own is not None
    assert others is not None
    with httpx.Client(verify=own) as client:
        assert client.get(f"https://localhost:{port}/shelves/greeting").status_code == 200
    with httpx.Client(verify=others) as client, pytest.raises(httpx.ConnectError):
        client.get(f"https://localhost:{port}/shelves/greeting")

    assert own.minimum_version is ssl.TLSVersion.TLSv1_3
    assert trust(deployment()) is None


def test_a_key_that_others_may_read(config: Path) -> None:
    """`check` says so, and of a certificate without its key; partners need TLS."""
    with_tls(config, certificates.make_authority())
    migrate(config)
    own = config.parent / "own.pem"
    own.chmod(0o644)
    readable = run("check", "--config", config)
    own.chmod(0o600)
    own.write_text("nothing", encoding="ascii")
    empty = run("check", "--config", config)
    text = config.read_text(encoding="utf-8")
    config.write_text(text[: text.index("[tls]")] + text[text.index("[partners]") :], encoding="utf-8")
    alone = run("check", "--config", config)

    assert readable[2] == f"programs: {own}: a secret should be readable by its owner alone (chmod 600)\n"
    assert empty[2] == f"programs: {own} and {own} are no certificate and its key\n"
    assert "partners need tls" in alone[2]

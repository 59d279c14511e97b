"""The key ceremony: every host has its own secrets, closed to others; the public file has none; a second one changes nothing."""

import tomllib
from pathlib import Path

import pytest
from anon_data.config import AnonDataConfig
from authority.config import AuthorityConfig
from chassis.config import ServiceConfig, load_config
from gateway.config import GatewayConfig
from local import ceremony
from local.deployment import write_deployment
from local.layout import AUTHORITIES, HOSTS, Layout
from local.secrets import decode
from programs.config import ProgramsConfig
from protocol.authority_keys import AuthorityKeys
from protocol.deployment import Deployment


@pytest.fixture
def layout(home: Path) -> Layout:
    """Hold a ceremony in an empty home."""
    layout = Layout(home)
    ceremony.hold(layout)
    write_deployment(layout)
    return layout


def secrets_of(layout: Layout, host: str) -> dict[str, str]:
    """Return every secret of a host by file name."""
    return {path.name: path.read_text(encoding="ascii") for path in layout.host(host).secrets.iterdir()}


def test_nothing_is_shared(layout: Layout) -> None:
    """No secret of a host occurs anywhere at another host or at the registrar."""
    shared = []
    for host in HOSTS:
        elsewhere = [layout.host(other).path for other in HOSTS if other != host] + [layout.registrar]
        texts = [path.read_text(encoding="utf-8") for folder in elsewhere for path in folder.rglob("*") if path.is_file()]
        shared += [(host, name) for name, secret in secrets_of(layout, host).items() if any(secret in text for text in texts)]

    assert shared == []


def test_secrets_are_closed(layout: Layout) -> None:
    """Every secret file is readable by its owner alone, and carries no line end."""
    folders = [*(layout.host(host).secrets for host in HOSTS), layout.registrar, layout.group_idp]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    open_files = [path.name for path in files if path.stat().st_mode & 0o077]
    ended = [path.name for path in files if path.read_bytes().endswith(b"\n") and path.name != "token"]

    assert open_files == []
    assert ended == []


def test_public_file_holds_the_public_halves(layout: Layout) -> None:
    """The deployment file can be read back, fits the secrets, and holds none of them."""
    deployment = Deployment.load(layout.deployment)
    text = layout.deployment.read_text(encoding="utf-8")
    expected = {}
    for host in AUTHORITIES:
        secrets = secrets_of(layout, host)
        expected[host] = AuthorityKeys(host, decode(secrets["root"]), decode(secrets["signing"])).public()
    leaked = [(host, name) for host in HOSTS for name, secret in secrets_of(layout, host).items() if secret in text]

    assert deployment.authorities == expected
    assert deployment.origins == {host: layout.origin(host) for host in HOSTS}
    assert leaked == []


def test_one_officer_can_be_removed(layout: Layout) -> None:
    """There are three officers: two others sign when one goes."""
    officers = Deployment.load(layout.deployment).officers

    assert (officers.number, len(officers.officers)) == (1, 3)


def test_second_ceremony_changes_nothing(layout: Layout) -> None:
    """A second start finds the secrets of the first."""
    before = {path: path.read_bytes() for path in layout.home.rglob("*") if path.is_file()}
    ceremony.hold(layout)
    write_deployment(layout)
    after = {path: path.read_bytes() for path in layout.home.rglob("*") if path.is_file()}

    assert after == before


def test_configuration_is_toml(layout: Layout) -> None:
    """Each host's configuration names its own address and files that exist; a path is a place where one may come to be."""
    for host in HOSTS:
        path = layout.host(host).config
        config = tomllib.loads(path.read_text(encoding="utf-8"))
        keys = {name: file for name, file in config.get("keys", {}).items() if not name.endswith("_path")}
        files = [config["deployment_file"], config["database"]["url_file"], *keys.values()]

        assert config["host"] == host
        assert config["bind"] == f"127.0.0.1:{layout.service_port(host)}"
        assert [name for name in files if not (path.parent / name).is_file()] == []


def test_services_accept_their_configuration(layout: Layout) -> None:
    """Each service's own rules, unknown keys refused, accept the file that is written for it."""
    kinds: dict[str, type[ServiceConfig]] = {
        "gateway": GatewayConfig,
        "keyvault": AuthorityConfig,
        "identity": AuthorityConfig,
        "anon-data": AnonDataConfig,
        "programs": ProgramsConfig,
    }
    accepted = [load_config(layout.host(host).config, kind).host for host, kind in kinds.items()]

    assert accepted == list(HOSTS)

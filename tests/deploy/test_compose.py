"""The compose file against deploy/paths.toml: who shares a network with whom, where hosts listen, and what containers may do."""

from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]  # stubs are a package of their own
from anon_data.config import AnonDataConfig
from authority.config import AuthorityConfig
from chassis.config import ServiceConfig, load_config
from gateway.config import GatewayConfig
from local import paths
from local.layout import HOSTS, PSEUDONYMOUS, ROOT
from programs.config import ProgramsConfig

DEPLOY = ROOT / "deploy"
COMPOSE: Any = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, Any] = COMPOSE["services"]
NETWORKS: dict[str, Any] = COMPOSE["networks"]
KINDS: dict[str, type[ServiceConfig]] = {
    "gateway": GatewayConfig,
    "keyvault": AuthorityConfig,
    "identity": AuthorityConfig,
    "anon-data": AnonDataConfig,
    "programs": ProgramsConfig,
}
ROUTES = paths.documented().routes


def members(network: str) -> set[str]:
    """Return the containers in a network."""
    return {name for name, service in SERVICES.items() if network in service["networks"]}


def config_of(host: str) -> ServiceConfig:
    """Return the configuration that a host's container is given."""
    return load_config(DEPLOY / "config" / f"{host}.toml", KINDS[host])


@pytest.mark.parametrize("name", SERVICES)
def test_containers_are_confined(name: str) -> None:
    """No root, no capability, no way to get one, nothing that can be written but its own volume."""
    service = SERVICES[name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["user"].split(":")[0] not in {"0", "root"}
    assert not {"privileged", "cap_add", "devices", "network_mode", "pid", "ipc", "extra_hosts", "env_file"} & set(service)
    assert "healthcheck" in service or name.endswith("-migration")


def test_a_database_is_its_hosts_alone() -> None:
    """In its network are the host, who brings its schema forward, and nobody else; nothing leads out of it."""
    for host in HOSTS:
        assert members(f"{host}-data") == {host, f"{host}-migration", f"{host}-database"}
        assert NETWORKS[f"{host}-data"]["internal"] is True
        assert set(SERVICES[f"{host}-database"]["networks"]) == {f"{host}-data"}
        assert "ports" not in SERVICES[f"{host}-database"]


def test_hosts_share_a_network_where_a_path_is_documented() -> None:
    """In a host's front network are those of the hosts that may call it; nobody is where nothing is documented."""
    for host in HOSTS:
        assert members(f"{host}-front") - {host} == {route.caller for route in ROUTES if route.callee == host} & set(HOSTS)
    calling_out = {route.caller for route in ROUTES if route.caller in HOSTS and route.callee not in HOSTS}
    ways_out = {name for name in NETWORKS if name.endswith("-out")}

    assert ways_out == {f"{host}-out" for host in calling_out}
    assert [members(f"{host}-out") for host in sorted(calling_out)] == [{host} for host in sorted(calling_out)]
    assert set(NETWORKS) == ways_out | {f"{host}-{kind}" for host in HOSTS for kind in ("front", "data")}


@pytest.mark.parametrize("host", HOSTS)
def test_a_host_listens_in_its_own_front_network_alone(host: str) -> None:
    """At its address there, at the documented ports: whoever shares another network with it finds nobody listening."""
    config = config_of(host)
    address = SERVICES[host]["networks"][f"{host}-front"]["ipv4_address"]
    documented = {route.port for route in ROUTES if route.callee == host}

    assert config.partners is not None
    assert config.tls is not None
    assert {config.bind_address, config.partners.bind_address} == {(address, port) for port in documented}
    assert {int(port.split(":")[-1]) for port in SERVICES[host]["ports"]} == documented
    assert config.host == host


def test_secrets_are_files_of_ones_own() -> None:
    """No container sees another host's folder, the service not the owner's; no secret stands in an environment."""
    for name, service in SERVICES.items():
        host = next(host for host in HOSTS if name == host or name.removesuffix("-migration").removesuffix("-database") == host)
        kind = name.removeprefix(host).strip("-") or "service"
        seen = {Path(volume.rsplit(":", 2)[0].partition("}/")[2]) for volume in service["volumes"] if volume.startswith("${")}
        folders = {path.parts[1] for path in seen if len(path.parts) > 1}
        allowed = {"service": {"service", "token-keys"}, "migration": {"service", "owner"}, "database": {"database"}}[kind]

        assert {path.parts[0] for path in seen if len(path.parts) > 1} == {host}
        assert folders <= allowed
        assert all(key.endswith("_FILE") for key in service.get("environment", {}))


def test_nothing_times_what_stores_say() -> None:
    """At the stores nothing keeps a container's output, because it would write the time beside it."""
    drivers = {name: service["logging"]["driver"] for name, service in SERVICES.items()}
    silent = {name for name, driver in drivers.items() if driver == "none"}

    assert silent == {f"{host}{kind}" for host in PSEUDONYMOUS for kind in ("", "-migration", "-database")}


def test_no_registry_is_named() -> None:
    """Images have bare names: where they come from is the machine's business."""
    containerfile = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    bases = [line.partition("=")[2] for line in containerfile.splitlines() if line.startswith("ARG ") and "=" in line]
    images = [service["image"].removeprefix("${WARIFU_POSTGRES:-").removesuffix("}") for service in SERVICES.values()]

    assert len(set(images)) == len(HOSTS) + 1
    assert [image for image in [*bases, *images] if "/" in image or "." in image.split(":", maxsplit=1)[0]] == []

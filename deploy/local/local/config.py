"""Writes each host's configuration file: what all hosts share in shape, then what is each one's own."""

import json
from collections.abc import Mapping, Sequence

from local import keys
from local.group import GATEWAY_CLIENT
from local.layout import AUTHORITIES, HostFolder, Layout

Value = str | int | bool | Sequence[str]
Table = Mapping[str, Value]

CLI_CLIENT = "warifu-cli"
"""The SDK and command line, as a client of the gateway."""
LOOPBACK_REDIRECT = "http://127.0.0.1/callback"


def write(layout: Layout, name: str) -> None:
    """Write `<host>.toml`; paths in it are relative to it."""
    host = layout.host(name)
    top: dict[str, Value] = {
        "host": name,
        "bind": f"127.0.0.1:{layout.service_port(name)}",
        "deployment_file": "../../deployment.json",
    }
    if name == "gateway":
        # The portal's page, where members without a work account sign in.
        top["cors_origins"] = [layout.portal_origin]
    host.config.write_text(
        _toml(top, {"database": {"url_file": _secret(host, "runtime.url")}, **_own(layout, host)}), encoding="utf-8"
    )


def _own(layout: Layout, host: HostFolder) -> dict[str, Table]:
    """Return the tables that only some hosts have; a name in brackets is one of an array of tables."""
    tables: dict[str, Table] = {}
    if host.name in AUTHORITIES:
        tables["keys"] = keys.table(layout, host.name)
    if host.name == "gateway":
        tables["keys"] = {**tables["keys"], "token_key_file": _secret(host, "token")}
        tables["[upstreams]"] = {
            "issuer": layout.group_issuer,
            "client_id": GATEWAY_CLIENT,
            "client_secret_file": _secret(host, "group_client"),
        }
        tables["[clients]"] = {"client_id": CLI_CLIENT, "redirect_uris": [LOOPBACK_REDIRECT]}
    return tables


def _secret(host: HostFolder, name: str) -> str:
    return (host.secrets / name).relative_to(host.path).as_posix()


def _toml(top: Table, tables: Mapping[str, Table]) -> str:
    """TOML of plain values: its strings, numbers and arrays of strings are written as JSON writes them."""
    sections = [_lines(top), *(f"[{name}]\n{_lines(table)}" for name, table in tables.items())]
    return "\n".join(sections)


def _lines(table: Table) -> str:
    return "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in table.items())

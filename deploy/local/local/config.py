"""Writes each host's configuration file: what all hosts share in shape, then what is each one's own."""

import json
from collections.abc import Mapping, Sequence

from local import keys, programs
from local.group import GATEWAY_CLIENT, STAFF_CLIENT, STAFF_GROUPS
from local.layout import AUTHORITIES, HostFolder, Layout

Value = str | int | bool | Sequence[str]
Table = Mapping[str, Value]

CLI_CLIENT = "warifu-cli"
"""The SDK and command line, as a client of the gateway."""
PORTAL_CLIENT = "portal"
STAFF_CLI_CLIENT = "warifu-staff-cli"
"""The same for staff."""
LOOPBACK_REDIRECT = "http://127.0.0.1/callback"


def write(layout: Layout, name: str) -> None:
    """Write `<host>.toml`; paths in it are relative to it."""
    host = layout.host(name)
    top: dict[str, Value] = {
        "host": name,
        "bind": f"{layout.site(name).address}:{layout.service_port(name)}",
        "deployment_file": "../../deployment.json",
    }
    # The members' portal talks to all hosts.
    top["cors_origins"] = [layout.portal_origin]
    if name == "anon-data":
        top |= {"snapshots": layout.snapshots.name, "plans": layout.plans.name}
    host.config.write_text(
        _toml(top, {"database": {"url_file": _secret(host, "runtime.url")}, "backup": _backup(host), **_own(layout, host)}),
        encoding="utf-8",
    )


def _backup(host: HostFolder) -> Table:
    return {"restore_key_file": _secret(host, host.restore_key.name), "erasures_file": host.erasures.name}


def _own(layout: Layout, host: HostFolder) -> dict[str, Table | Sequence[Table]]:
    """Return the tables that only some hosts have; several of one name are an array of tables."""
    tables: dict[str, Table | Sequence[Table]] = {}
    if partners := layout.partners_site(host.name):
        tables["tls"] = {"certificate_file": _secret(host, "tls.pem"), "key_file": _secret(host, "tls.key")}
        tables["partners"] = {"bind": f"{partners.address}:{partners.port}", "authority_file": "partners.pem"}
    if host.name in AUTHORITIES:
        tables["keys"] = keys.table(layout, host.name)
    if host.name == "gateway":
        tables["keys"] = {
            **keys.table(layout, host.name),
            "token_key_file": _secret(host, "token"),
            "token_key_next_path": "secrets/token.next",
            "token_keys_retired_path": "secrets/token.retired",
        }
        at_group, issuer = "client_secret_file", layout.group_issuer
        tables["upstreams"] = [{"issuer": issuer, "client_id": GATEWAY_CLIENT, at_group: _secret(host, "group_client")}]
        tables["clients"] = [
            {"client_id": CLI_CLIENT, "redirect_uris": [LOOPBACK_REDIRECT]},
            # Names of networks are no secure contexts: a browser would not let the portal hold keys there.
            *([] if layout.isolated else [{"client_id": PORTAL_CLIENT, "redirect_uris": [layout.portal_signed_in]}]),
            *programs.clients(layout),
        ]
        # The programs run on this very machine.
        tables["logout"] = {"allowed_networks": [f"{layout.site('example-program').address}/32"]}
        tables["staff.provider"] = {
            "issuer": issuer,
            "client_id": STAFF_CLIENT,
            at_group: _secret(host, "group_staff_client"),
            "scopes": ["openid", "groups"],
        }
        tables["staff.clients"] = [{"client_id": STAFF_CLI_CLIENT, "redirect_uris": [LOOPBACK_REDIRECT]}]
        tables["staff.rules"] = [
            {"issuer": issuer, "claim": "groups", "value": group, "role": role} for group, role in STAFF_GROUPS.items()
        ]
    if host.name == "programs":
        # Suppliers may run on this very machine.
        tables["notices"] = {"key_file": _secret(host, "notices"), "allowed_networks": [f"{layout.site('supplier').address}/32"]}
    return tables


def _secret(host: HostFolder, name: str) -> str:
    return (host.secrets / name).relative_to(host.path).as_posix()


def _toml(top: Table, tables: Mapping[str, Table | Sequence[Table]]) -> str:
    """TOML of plain values: its strings, numbers and arrays of strings are written as JSON writes them."""
    sections = [_lines(top)]
    for name, found in tables.items():
        if isinstance(found, Mapping):
            sections.append(f"[{name}]\n{_lines(found)}")
        else:
            sections += [f"[[{name}]]\n{_lines(table)}" for table in found]
    return "\n".join(sections)


def _lines(table: Table) -> str:
    return "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in table.items())

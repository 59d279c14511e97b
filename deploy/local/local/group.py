"""Secrets and configuration of the corporate group's identity provider (the customer's, not one of the five hosts)."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from joserfc.jwk import ECKey

from local.layout import Layout
from local.secrets import encode, keep_secret, private_folder, write_private

GATEWAY_CLIENT = "warifu-gateway"
STAFF_CLIENT = "warifu-gateway-staff"
"""The gateway's other client, through which staff signs in: the only one that is told groups."""
EVIDENCE_CLIENT = "warifu-evidence"
PROVIDER_NAME = "group"
"""What the deployment description calls it."""
EMPLOYEE_CLAIM = "employee_number"
"""What the provider's ID tokens say besides the subject; the insurer knows it of each employee."""
STAFF_GROUPS: Mapping[str, str] = {
    "warifu-analysts": "analyst",
    "warifu-guidance": "guidance",
    "warifu-office": "office",
    "warifu-managers": "program-manager",
}
"""Groups at the provider, and the role that the gateway gives for each."""
STAFF_ACCOUNTS = (
    {"work_id": "S-0001", "name": "事務 一子", "groups": ["warifu-analysts", "warifu-office"]},
    {"work_id": "S-0002", "name": "企画 二郎", "groups": ["warifu-managers"]},
    {"work_id": "S-0003", "name": "委託 三子", "groups": ["warifu-guidance"]},
)
"""Fictional staff of the insurer, who are no members."""
DEMO_PASSPHRASE = "demo-passphrase"  # noqa: S105  fictional accounts, said openly at the terminal


def hold(layout: Layout) -> None:
    """Make the provider's keys once, and its configuration anew."""
    folder = private_folder(layout.group_idp)
    keep_secret(folder / "subject")
    # Its own copy of a secret that two parties know: the gateway has one too.
    for name in ("client", "staff_client"):
        shared = encode(keep_secret(layout.host("gateway").secrets / f"group_{name}"))
        write_private(folder / f"gateway_{name}", shared)
    if not (folder / "jwks.json").exists():
        key = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)
        write_private(folder / "jwks.json", json.dumps({"keys": [key.as_dict(private=True)]}))
    if not layout.group_accounts.exists():
        write_accounts(layout, [])
    write_private(folder / "provider.json", json.dumps(_configuration(layout), indent=2))


def write_accounts(layout: Layout, accounts: Iterable[Mapping[str, object]]) -> None:
    """Replace who can sign in: {work_id, name, passphrase?, groups?}; else DEMO_PASSPHRASE counts. Read again when changed."""
    write_private(layout.group_accounts, json.dumps(list(accounts), ensure_ascii=False))


def config_file(layout: Layout) -> Path:
    """Return what provider.mjs is started with."""
    return layout.group_idp / "provider.json"


def _configuration(layout: Layout) -> dict[str, object]:
    folder = layout.group_idp
    return {
        "issuer": layout.group_issuer,
        "address": layout.site("group-idp").address,
        "accounts": str(layout.group_accounts),
        "passphrase": DEMO_PASSPHRASE,
        "jwks": str(folder / "jwks.json"),
        "subject_secret": str(folder / "subject"),
        "gateway_client": {
            "id": GATEWAY_CLIENT,
            "secret": str(folder / "gateway_client"),
            "redirect_uris": [f"{layout.origin('gateway')}/upstream/{PROVIDER_NAME}/callback"],
            "backchannel_logout_uri": f"{layout.origin('gateway')}/upstream/{PROVIDER_NAME}/logout",
        },
        "staff_client": {
            "id": STAFF_CLIENT,
            "secret": str(folder / "gateway_staff_client"),
            "redirect_uris": [f"{layout.origin('gateway')}/staff/callback"],
            "backchannel_logout_uri": f"{layout.origin('gateway')}/staff/upstream/logout",
        },
        "evidence_client": {
            "id": EVIDENCE_CLIENT,
            # Names of networks are no secure contexts: a browser would not let the portal hold keys there.
            "redirect_uris": ["http://127.0.0.1/callback", *([] if layout.isolated else [layout.portal_signed_in])],
        },
    }

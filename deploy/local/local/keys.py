"""Keys of the local authorities: in files, or in a SoftHSM token in the host's own folder."""

import os
import subprocess
import sys
from collections.abc import Mapping

from protocol.authority_keys import AuthorityKeys
from protocol.deployment import AuthorityPublic
from protocol.names import AuthorityName

from local import softhsm
from local.errors import StepFailed
from local.layout import AUTHORITIES, Layout
from local.secrets import keep_secret


def hold(layout: Layout, host: str) -> None:
    """Make what is missing: the secrets, or the token that they will be in."""
    secrets = layout.host(host).secrets
    if layout.key_store == "pkcs11":
        softhsm.ensure().make_token(_token(layout, host).folder, host)
        return
    keep_secret(secrets / "root")
    keep_secret(secrets / "signing")


def table(layout: Layout, host: str) -> dict[str, str]:
    """Return the table ``keys`` of the host's configuration."""
    if layout.key_store == "file":
        return {"root_file": "secrets/root", "signing_file": "secrets/signing"}
    token = _token(layout, host)
    return {
        "store": "pkcs11",
        "module": str(softhsm.ensure().module),
        "token": token.label,
        "pin_file": token.pin.relative_to(layout.host(host).path).as_posix(),
        "root_label": "root",
        "signing_label": "signing",
    }


def environment(layout: Layout, host: str) -> Mapping[str, str]:
    """Return what a process of the host needs to find its keys."""
    return _token(layout, host).environment if layout.key_store == "pkcs11" and host in AUTHORITIES else {}


def public(layout: Layout, host: AuthorityName) -> AuthorityPublic:
    """Return the public keys, once the host is configured; keys that a token does not have are made."""
    if layout.key_store == "file":
        secrets = layout.host(host).secrets
        return AuthorityKeys(host, keep_secret(secrets / "root"), keep_secret(secrets / "signing")).public()
    return AuthorityPublic.model_validate_json(make(layout, host))


def make(layout: Layout, host: AuthorityName) -> str:
    """Let the host's own command make the keys that its configuration names; return what it prints."""
    command = [sys.executable, "-m", host, "keys", "--config", str(layout.host(host).config)]
    # As the supervisor starts services: a service finds what is installed, and not this room.
    own = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | dict(environment(layout, host))
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=own)
    if done.returncode != 0:
        raise StepFailed(f"making the keys of {host} failed:\n{done.stderr}")
    return done.stdout


def _token(layout: Layout, host: str) -> softhsm.SoftToken:
    return softhsm.SoftToken(layout.host(host).secrets / "softhsm", host)

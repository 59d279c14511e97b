"""The key ceremony of a local deployment: every host gets its own secrets, and no two share any.

Secrets are made once and kept; the configuration files are written anew at each start, because they follow from the layout.
"""

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from protocol.sealing import XWingPrivateKey

from local import certificates, config, group, keys, postgres, programs
from local.layout import AUTHORITIES, HOSTS, HostFolder, Layout
from local.secrets import encode, keep_secret, private_folder, write_private

OFFICERS = ("officer-1", "officer-2", "officer-3")


def hold(layout: Layout) -> None:
    """Make what is missing: secrets and configuration of the hosts, the officers, the group's provider."""
    for name in HOSTS:
        host = layout.host(name)
        host.path.mkdir(parents=True, exist_ok=True)
        for folder in (host.path.parent, host.path):
            folder.chmod(0o711)
        private_folder(host.secrets)
        private_folder(host.logs)
        _keep_urls(layout, host)
    for name in AUTHORITIES:
        keys.hold(layout, name)
    _keep_token_key(layout.host("gateway"))
    keep_secret(layout.host("programs").secrets / "notices")
    if layout.isolated:
        certificates.hold(layout)
    private_folder(layout.registrar)
    private_folder(layout.officers)
    for officer in OFFICERS:
        keep_secret(layout.officers / f"{officer}.key")
    private_folder(layout.registrar / "restore")
    for name in HOSTS:
        _keep_restore_key(layout, layout.host(name))
    group.hold(layout)
    programs.hold(layout)
    for name in HOSTS:
        config.write(layout, name)


def _keep_urls(layout: Layout, host: HostFolder) -> None:
    for path, role in ((host.owner_url, postgres.OWNER), (host.runtime_url, postgres.RUNTIME)):
        if not path.exists():
            draft = path.with_suffix(".password")
            write_private(path, postgres.url(layout, host, role, encode(keep_secret(draft))))
            draft.unlink()


def _keep_restore_key(layout: Layout, host: HostFolder) -> None:
    seed = keep_secret(layout.restore_key(host.name))
    if not host.restore_key.exists():
        write_private(host.restore_key, encode(XWingPrivateKey(seed).public_bytes))
    if not host.erasures.exists():
        write_private(host.erasures, "")


def _keep_token_key(gateway: HostFolder) -> None:
    """ES256 key that signs access tokens, PKCS #8 PEM."""
    path = gateway.secrets / "token"
    if not path.exists():
        key = ec.generate_private_key(ec.SECP256R1())
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        write_private(path, pem.decode("ascii"))

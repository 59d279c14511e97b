"""Certificates of a deployment that is its own authority: made by the key ceremony, pinned in deployment.json, renewed in time.

Each host has one, by which callers know it and by which it is known as a partner; the registrar has one as a partner. The
authority's key is at no host.
"""

import ipaddress
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from local import home
from local.errors import HomeMismatch
from local.layout import HOSTS, Layout, Site
from local.secrets import private_folder, write_private

URN: Final = "urn:warifu:partner:"
_AUTHORITY_LIFE: Final = timedelta(days=3650)
_LIFE: Final = timedelta(days=90)
_EARLY: Final = timedelta(days=30)
_SKEW: Final = timedelta(minutes=5)

Key = ec.EllipticCurvePrivateKey
Signer = tuple[Key, x509.Certificate]
"""An authority: its key and its certificate."""


def hold(layout: Layout, *, renew: bool = False) -> None:
    """Make what is missing, and anew what ends within 30 days or, to ``renew``, everything but the authority."""
    private_folder(layout.tls_authority.parent)
    authority = _authority(layout)
    for name in HOSTS:
        host = layout.host(name)
        site = layout.site(name)
        _keep(host.secrets / "tls.pem", host.secrets / "tls.key", authority, name, site, renew=renew)
        (host.path / "partners.pem").write_bytes(layout.tls_authority.read_bytes())
    private_folder(layout.registrar)
    folder = layout.registrar
    draft = folder / "certificate.key"
    if _keep(folder / "certificate.pem", draft, authority, "registrar", None, renew=renew):
        # One file, as programs want it: the key, then the certificate.
        write_private(folder / "certificate.pem", draft.read_text("ascii") + (folder / "certificate.pem").read_text("ascii"))
        draft.unlink()


def renew(folder: Path) -> None:
    """Make a home's certificates anew, all but the authority's; raises HomeMismatch where it has none, AlreadyRunning."""
    if not home.is_isolated(folder):
        raise HomeMismatch(f"{folder} was made for one network, where nothing has a certificate.")
    with home.held(folder):
        hold(Layout(folder.resolve(), home.base_port_of(folder, None), isolated=True), renew=True)


def issue(authority: Signer, key: Key, partner: str, site: Site | None, life: timedelta = _LIFE) -> bytes:
    """Return a certificate, PEM: for a partner's name, and for where it is called if it is a host."""
    signer, issuer = authority
    names: list[x509.GeneralName] = [x509.UniformResourceIdentifier(URN + partner)]
    uses = [ExtendedKeyUsageOID.CLIENT_AUTH]
    if site is not None:
        names += [x509.DNSName(site.name), x509.IPAddress(ipaddress.ip_address(site.address))]
        uses.append(ExtendedKeyUsageOID.SERVER_AUTH)
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(partner))
        .issuer_name(issuer.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _SKEW)
        .not_valid_after(now + life)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.ExtendedKeyUsage(uses), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
    )
    return builder.sign(signer, SHA256()).public_bytes(Encoding.PEM)


def make_authority() -> Signer:
    """Return a fresh authority that signs certificates of hosts and partners, and of no other authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.now(UTC)
    usage = x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name("authority"))
        .issuer_name(_name("authority"))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _SKEW)
        .not_valid_after(now + _AUTHORITY_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    return key, builder.sign(key, SHA256())


def pem(key: Key) -> str:
    """Return a private key, PKCS #8 PEM."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode("ascii")


def _authority(layout: Layout) -> Signer:
    key_file = layout.tls_authority.with_suffix(".key")
    if not layout.tls_authority.exists():
        key, certificate = make_authority()
        write_private(key_file, pem(key))
        write_private(layout.tls_authority, certificate.public_bytes(Encoding.PEM).decode("ascii"))
    loaded = load_pem_private_key(key_file.read_bytes(), None)
    assert isinstance(loaded, ec.EllipticCurvePrivateKey)
    return loaded, x509.load_pem_x509_certificate(layout.tls_authority.read_bytes())


def _keep(file: Path, key_file: Path, authority: Signer, partner: str, site: Site | None, *, renew: bool) -> bool:
    """Write a fresh key and its certificate unless what is there will do; say whether it did."""
    if not renew and file.exists() and _lasts(file.read_bytes()):
        return False
    key = ec.generate_private_key(ec.SECP256R1())
    write_private(key_file, pem(key))
    write_private(file, issue(authority, key, partner, site).decode("ascii"))
    return True


def _lasts(found: bytes) -> bool:
    certificates: Sequence[x509.Certificate] = x509.load_pem_x509_certificates(found[found.index(b"-----BEGIN CERTIFICATE") :])
    return certificates[0].not_valid_after_utc - datetime.now(UTC) > _EARLY


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"warifu {common}")])

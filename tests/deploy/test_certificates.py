"""Certificates of a deployment that is its own authority."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from local import certificates
from local.layout import HOSTS, Layout
from local.secrets import private_folder


def layout_in(home: Path) -> Layout:
    """Return an isolated home whose hosts have folders for secrets."""
    layout = Layout(home, isolated=True)
    for name in HOSTS:
        private_folder(layout.host(name).secrets)
    return layout


def certificate_of(layout: Layout, host: str) -> x509.Certificate:
    """Read a host's certificate."""
    return x509.load_pem_x509_certificate((layout.host(host).secrets / "tls.pem").read_bytes())


def test_each_host_has_its_own(home: Path) -> None:
    """No two share a key, each names its host and its partner's name, and the authority's key is at none."""
    layout = layout_in(home)
    certificates.hold(layout)
    found = {name: certificate_of(layout, name) for name in HOSTS}
    names = {
        name: one.extensions.get_extension_for_class(x509.SubjectAlternativeName).value.get_values_for_type(x509.DNSName)
        for name, one in found.items()
    }
    signer = layout.tls_authority.with_suffix(".key").read_bytes()

    assert names == {name: [f"{name}.warifu.test"] for name in HOSTS}
    assert len({one.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo) for one in found.values()}) == len(
        HOSTS
    )
    assert [file for file in (home / "hosts").rglob("*") if file.is_file() and signer in file.read_bytes()] == []


def test_kept_while_they_last_and_renewed_in_time(home: Path) -> None:
    """A second time nothing changes; what soon ends is made anew, and all on demand; the pinned authority stays."""
    layout = layout_in(home)
    certificates.hold(layout)
    authority, first = layout.tls_authority.read_bytes(), certificate_of(layout, "gateway")
    certificates.hold(layout)
    kept = certificate_of(layout, "gateway")
    key = ec.generate_private_key(ec.SECP256R1())
    soon = certificates.issue(certificates.make_authority(), key, "identity", None, timedelta(days=29))
    (layout.host("identity").secrets / "tls.pem").write_bytes(soon)
    certificates.hold(layout)
    renewed = certificate_of(layout, "identity")
    certificates.hold(layout, renew=True)

    assert kept == first
    assert renewed.not_valid_after_utc > datetime.now(UTC) + timedelta(days=80)
    assert certificate_of(layout, "gateway") != first
    assert layout.tls_authority.read_bytes() == authority
    assert (layout.registrar / "certificate.pem").read_text(encoding="ascii").startswith("-----BEGIN PRIVATE KEY")

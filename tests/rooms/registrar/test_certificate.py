"""The workstation's certificate, which hosts with a listener for partners ask for."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from local import certificates
from protocol.authority_keys import AuthorityKeys
from protocol.deployment import Deployment, OfficerList
from protocol.names import AUTHORITIES, HOSTS
from registrar.errors import RegistrarError
from registrar.hosts import certified


def test_partners_certificate(tmp_path: Path) -> None:
    """It is needed where partners are asked for one, must be a key with its certificate, and is shown where partners call."""
    deployment = Deployment(
        insurer="00000000",
        origins={host: f"https://{host}.warifu.test:8443" for host in HOSTS},
        authorities={host: AuthorityKeys(host, bytes(32), bytes(32)).public() for host in AUTHORITIES},
        officers=OfficerList(number=1, officers=()),
        insurer_key=bytes(1216),
    )
    authority = certificates.make_authority()
    there = {host: f"https://{host}.warifu.test:8444" for host in HOSTS}
    pem = authority[1].public_bytes(Encoding.PEM).decode("ascii")
    apart = deployment.model_copy(update={"tls_authority": pem, "partner_origins": there})
    key = ec.generate_private_key(ec.SECP256R1())
    good, bad = tmp_path / "good.pem", tmp_path / "bad.pem"
    good.write_text(certificates.pem(key) + certificates.issue(authority, key, "registrar", None).decode("ascii"))
    bad.write_text("nothing")

    transports = certified(apart, good)

    assert certified(deployment, None) is None
    assert transports is not None
    assert set(transports) == set(there.values())
    for certificate, complaint in ((None, "WARIFU_REGISTRAR_CERTIFICATE"), (bad, "no PEM file")):
        with pytest.raises(RegistrarError, match=complaint):
            certified(apart, certificate)

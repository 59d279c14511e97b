"""``oidc.json``."""

from protocol.oidc_evidence import OidcSubject

from make_vectors.cases import Case, Stored
from make_vectors.inputs import KEYS


def build(_stored: Stored) -> Case:
    """Show what authorities store of an employee's subject."""
    subject, key = OidcSubject("https://idp.example/", "E000001"), KEYS["gateway"].verifier_key
    return {
        "cases": [{"key": key.hex(), "issuer": subject.issuer, "value": subject.value, "verifier": subject.verifier(key).hex()}]
    }

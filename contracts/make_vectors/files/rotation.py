"""``rotation.json``."""

from protocol.encoding import sha256
from protocol.messages.enrolment import enrolment_info, enrolment_signed
from protocol.rotation import receipt_message, sign_receipt

from make_vectors.cases import Case, Stored
from make_vectors.inputs import JKT, KEYS, fixed


def build(_stored: Stored) -> Case:
    """Show the keyvault's receipt, and what an enrolment's answer is bound to."""
    message, signing = receipt_message(JKT, 1, sha256(b"bundle")), KEYS["keyvault"].signing
    receipt = sign_receipt(signing, JKT, 1, b"bundle")
    info = enrolment_info("gateway", fixed("window", 16), b"{}")
    return {
        "cases": [{"jkt": JKT.hex(), "v": 1, "bundle": b"bundle".hex(), "message": message.hex(), "receipt": receipt.hex()}],
        "signing": signing.public_bytes.hex(),
        "enrolment": {
            "window": fixed("window", 16).hex(),
            "body": b"{}".hex(),
            "info": info.hex(),
            "signed": enrolment_signed(b"sealed", info).hex(),
        },
    }

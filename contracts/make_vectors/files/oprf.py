"""``oprf.json``."""

from protocol.derive import hkdf
from protocol.encoding import lp
from protocol.member import MemberNumber
from protocol.names import AUTHORITIES
from protocol.tokens import USE_MEMBER

from make_vectors.cases import Case, Stored
from make_vectors.inputs import KEYS, fixed


def build(_stored: Stored) -> Case:
    """Show F of a member number: what three blind evaluations give once they are unblinded and joined."""
    cases = []
    for fields in (("06139999", "テスト-1", "100", "00"), ("06139999", "テスト-1", "101", "01")):
        x = MemberNumber.parse(*fields).x
        outputs = [KEYS[host].evaluator(USE_MEMBER).evaluate_known_input(x) for host in AUTHORITIES]
        y = hkdf(b"".join(outputs), lp("F", USE_MEMBER))
        cases.append({"x": x.hex(), "outputs": [out.hex() for out in outputs], "y": y.hex()})
    return {"roots": {host: fixed(f"root {host}").hex() for host in AUTHORITIES}, "cases": cases}

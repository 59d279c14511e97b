"""``member.json``."""

from protocol.member import MemberNumber

from make_vectors.cases import Case, Stored


def build(_stored: Stored) -> Case:
    """Show member numbers as written, normalised, and as input of the blind evaluation."""
    written = [
        ("06139999", "テスト-1", "100", "00"),
        ("６１３９９９９", "ﾃｽﾄー１", " 0100 ", "0"),
        ("6139999", "ab‐12", "00007", "01"),
        ("1", "", "1", "2"),
    ]
    cases = []
    for fields in written:
        number = MemberNumber.parse(*fields)
        out = [number.insurer, number.symbol, number.number, number.branch]
        cases.append({"written": list(fields), "normalised": out, "x": number.x.hex()})
    return {
        "cases": cases,
        "refused": [["x", "1", "1", "1"], ["123456789", "1", "1", "1"], ["1", "1", "0", "1"], ["1", "1", "1", ""]],
    }

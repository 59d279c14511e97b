"""``record.json``."""

from protocol.record import Profile, open_profile, seal_profile

from make_vectors.cases import Case, Stored
from make_vectors.inputs import REFS, fixed


def build(stored: Stored) -> Case:
    """Show a personal record, sealed."""
    profile = Profile(
        member_number="06139999:テスト-1:100:00",
        name="架空 花子",
        kana="カクウ ハナコ",
        birth_date="1980-04-01",
        sex="female",
        relation="insured",
    )
    key, ref = fixed("record key"), REFS["identity"]
    return {
        "cases": [{"record_key": key.hex(), "ref": ref.hex(), "version": 0, "json": profile.model_dump_json()}],
        "stored": stored(
            lambda: {"sealed": seal_profile(profile, key, ref, 0).hex()},
            lambda kept: open_profile(bytes.fromhex(kept["sealed"]), key, ref, 0) == profile,
        ),
    }

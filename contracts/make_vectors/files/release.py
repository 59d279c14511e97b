"""``release.json``."""

from protocol.encoding import lp
from protocol.names import AuthorityName
from protocol.release import Part, SealedPart, VersionedShare

from make_vectors.cases import Case, Stored
from make_vectors.inputs import JKT, KEYS, NOW, REFS, SESSION, fixed


def build(stored: Stored) -> Case:
    """Show an authority's part on its way to one session."""
    host: AuthorityName = "identity"
    part = Part(shares=(VersionedShare(v=0, share=fixed("share")),))
    pinned = KEYS[host].signing.public_bytes

    def make() -> Case:
        sealed = SealedPart.make(
            part,
            host=host,
            ref=REFS[host],
            sid=fixed("sid", 16),
            v=0,
            exp=NOW + 28_800,
            jkt=JKT,
            session_public=SESSION.public_bytes,
            signing=KEYS[host].signing,
        )
        return {"json": sealed.model_dump_json()}

    info = lp("release", host, REFS[host], fixed("sid", 16), 0, JKT, NOW + 28_800)
    case = {"session_seed": fixed("session").hex(), "jkt": JKT.hex(), "signing": pinned.hex(), "info": info.hex()}
    return {
        "cases": [case | {"json": part.model_dump_json(exclude_none=True)}],
        "stored": stored(make, lambda kept: SealedPart.model_validate_json(kept["json"]).open(SESSION, JKT, pinned) == part),
    }

"""``GET /authority``."""

from fastapi import APIRouter
from protocol.deployment import AuthorityPublic

from authority.deps import Authority

router = APIRouter(tags=["authority"])


@router.get("/authority")
async def public(authority: Authority) -> AuthorityPublic:
    """Return this authority's public keys, to be compared with those that are pinned."""
    return authority.keys.public(authority.deployment.search_epochs)

"""A member's release at the gateway itself."""

import httpx
from protocol import jose
from protocol.encoding import b64u
from protocol.messages.release import OidcEvidence, Release
from protocol.sealing import XWingPrivateKey
from protocol.statement import RELEASE, Statement
from rooms.gateway.application import Application
from rooms.gateway.house import House


async def release(house: House, application: Application, token: str, session: XWingPrivateKey) -> httpx.Response:
    """Ask for the gateway's share with a fresh statement and fresh evidence."""
    jkt, origins = jose.thumbprint(application.key), list(house.deployment.origins.values())
    statement = Statement.make(RELEASE, origins, house.clock.timestamp(), jkt, session.public_bytes)
    id_token = house.upstream.id_token({"client_id": "evidence", "nonce": b64u(statement.h)})
    body = Release(statement=statement.raw, evidence=OidcEvidence(id_token=id_token), hpke=session.public_bytes)
    proof = application.proof("/release", token=token)
    headers = {"Authorization": f"DPoP {token}", "DPoP": proof, "Content-Type": "application/json"}
    return await house.client.post("/release", content=body.model_dump_json(), headers=headers)

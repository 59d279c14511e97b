"""Somebody wrote a fallback for the day identity is down: bundles that open without its share."""

from protocol.bundle import Bundle
from protocol.shares import member_key, share

from drill.attack import Plant
from drill.floor import Floor
from drill.seizure import Seizure
from drill.truth import Truth


async def _apply(seizure: Seizure, truth: Truth) -> None:
    floor = Floor(seizure)
    statements = []
    for person in truth.persons:
        ref = person.ids["keyvault"]
        version = max(floor.bundles_of(ref))
        shares = {"identity": bytes(32)}
        for host in ("gateway", "keyvault"):
            salt = floor.salt(host, person.ids[host], version)
            assert salt is not None
            shares[host] = share(floor.root(host), salt, host, person.ids[host], version)
        bundle = Bundle(v=version, record_key=bytes(32), seeds={"anon-data": bytes(32), "programs": bytes(32)})
        sealed = bundle.seal(member_key(shares, version), ref)  # type: ignore[arg-type]  # the three names, as they are
        statements.append(f"UPDATE bundle SET bundle = '\\x{sealed.hex()}' WHERE ref = '\\x{ref.hex()}' AND version = {version}")
    await seizure["keyvault"].change(*statements)


PLANT = Plant("two-of-three", "missing-shares", "Bundles open without the share of identity.", ("gateway", "keyvault"), _apply)

"""A letter for somebody who was enrolled without a way in, as the registrar sets it at the three authorities."""

import os
import time
from contextlib import closing

from local.system import System
from protocol.code import Code
from protocol.deployment import Deployment
from protocol.messages.enrolment import Enrol, Enrolled, Enrolment
from protocol.messages.verifiers import LetterVerifier
from protocol.names import AUTHORITIES
from registrar.home import Home
from registrar.hosts import Hosts, encode
from registrar.officers import load_officers
from registrar.roster_member import Member
from registrar.session import Session
from registrar.windows import quotas_of

_DAYS_90 = 90 * 24 * 3600


async def send_letter(system: System, number: int) -> Code:
    """Enrol a letter for a dependant who has no other way in, of whom there are enough, and return the code that stands on it."""
    deployment = Deployment.load(system.deployment_path)
    home = Home.load(system.layout.registrar)
    with closing(home.roster()) as roster:
        dependants = [one for one in roster.members() if one.relation == "dependant" and not one.told.guardian]
    chosen = sorted(dependants, key=_refs)[number]
    code, verifier_id = Code.fresh(), os.urandom(16)
    officers = load_officers(sorted(system.layout.officers.glob("*.key")), deployment.officers)
    async with Hosts(deployment) as hosts:
        session = Session(deployment, hosts, home.windows, officers)
        window = (await session.windows("enrol", quotas_of("enrol", members=1, signing_in=1))).named
        for host in AUTHORITIES:
            keys = code.keys(host)
            letter = LetterVerifier(
                id=verifier_id, handle=keys.handle, public_key=keys.public_bytes, expires=int(time.time()) + _DAYS_90
            )
            pairwise = {other: chosen.refs[other] for other in ("keyvault", "identity")} if host == "gateway" else None
            row = Enrolment(ref=chosen.refs[host], verifiers=(letter,), pairwise=pairwise)
            await session.hosts.call(host, window, "/enrolments", encode(Enrol(rows=(row,))), Enrolled)
    return code


def _refs(member: Member) -> bytes:
    return member.refs["keyvault"]

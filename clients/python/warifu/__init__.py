"""The member's SDK: sign in, and read and write one's own data. Keys live in memory only, and end with the session.

::

    async with warifu.Client(deployment) as client, warifu.user_agents.Loopback() as agent:
        async with await client.sign_in(agent) as session:
            print(session.profile.name, await session.checkups())
"""

from protocol.deployment import Deployment

from . import user_agents
from .client import Client
from .errors import (
    EvidenceRefused,
    HostRefused,
    HostUnavailable,
    KeyMaterialRefused,
    LogoffIncomplete,
    SessionEnded,
    SignInFailed,
    WarifuError,
)
from .measurements import DaySteps, Measurement
from .session import MemberSession

__all__ = [
    "Client",
    "DaySteps",
    "Deployment",
    "EvidenceRefused",
    "HostRefused",
    "HostUnavailable",
    "KeyMaterialRefused",
    "LogoffIncomplete",
    "Measurement",
    "MemberSession",
    "SessionEnded",
    "SignInFailed",
    "WarifuError",
    "user_agents",
]

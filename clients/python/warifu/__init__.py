"""The member's SDK: sign in, and read and write one's own data. Keys live in memory only, and end with the session.

::

    async with warifu.Client(deployment) as client, warifu.user_agents.Loopback() as agent:
        async with await client.sign_in(warifu.Group(agent)) as session:
            print(session.profile.name, await session.checkups())
"""

from protocol.deployment import Deployment

from . import health_connect, health_kit, samples, step_days, units, user_agents
from ._agreeing import GivenView
from ._managing import AddedWay
from ._messages import Received
from ._openings import Opening, OpeningsReport
from ._shopping import Ordered
from ._verifiers import WayIn
from .archive import Archive, checked, export
from .authenticators import Assertion, Authenticator, Credential
from .cards import Card
from .checkup_views import CheckupView, Line
from .claims import Claim, ClaimLine, Diagnosis, GuidanceReport, GuidanceResult, Institution, Medicine
from .client import Client
from .errors import (
    EvidenceRefused,
    HostRefused,
    HostUnavailable,
    InputRefused,
    KeyMaterialRefused,
    LogoffIncomplete,
    SessionEnded,
    SignInFailed,
    WarifuError,
)
from .generics import Saving
from .history import FormerCheckup, FormerClaim
from .installation import Installation
from .measurements import DaySteps, Measurement
from .notes import Note
from .session import MemberSession
from .statement import Statement, StatementRow
from .viewing import HouseholdView
from .ways import CodeWay, Group, Passkey, Way

__all__ = [
    "AddedWay",
    "Archive",
    "Assertion",
    "Authenticator",
    "Card",
    "CheckupView",
    "Claim",
    "ClaimLine",
    "Client",
    "CodeWay",
    "Credential",
    "DaySteps",
    "Deployment",
    "Diagnosis",
    "EvidenceRefused",
    "FormerCheckup",
    "FormerClaim",
    "GivenView",
    "Group",
    "GuidanceReport",
    "GuidanceResult",
    "HostRefused",
    "HostUnavailable",
    "HouseholdView",
    "InputRefused",
    "Installation",
    "Institution",
    "KeyMaterialRefused",
    "Line",
    "LogoffIncomplete",
    "Measurement",
    "Medicine",
    "MemberSession",
    "Note",
    "Opening",
    "OpeningsReport",
    "Ordered",
    "Passkey",
    "Received",
    "Saving",
    "SessionEnded",
    "SignInFailed",
    "Statement",
    "StatementRow",
    "WarifuError",
    "Way",
    "WayIn",
    "checked",
    "export",
    "health_connect",
    "health_kit",
    "samples",
    "step_days",
    "units",
    "user_agents",
]

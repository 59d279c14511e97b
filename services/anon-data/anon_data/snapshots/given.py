"""What the operator gives to a snapshot beside the views."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from anon_data.snapshots.membership import Membership


@dataclass(frozen=True, slots=True)
class Given:
    """How long people were members, and classes by diagnosis code."""

    membership: Membership = field(default_factory=Membership)
    classes: Mapping[str, str] = field(default_factory=dict)

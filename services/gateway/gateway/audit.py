"""What happened, for whoever watches over the gateway: event names and applications, never whom it was about.

No reference, subject, session, key, address or parameter stands in an event, so a log that is read by others names nobody. The
README lists the events.
"""

from typing import Literal

import structlog

from gateway.clients import Client

Event = Literal[
    "signed_in",
    "single_sign_on",
    "sign_in_refused",
    "code_refused",
    "code_replayed",
    "refresh_refused",
    "token_given",
    "client_refused",
    "signed_out",
    "grant_revoked",
    "sessions_over",
    "sessions_ended_by_operator",
    "logout_refused",
    "link_refused",
    "signed_out_at_group",
    "staff_signed_out_at_group",
    "group_logout_refused",
    "token_keys_changed",
]
_log = structlog.get_logger("gateway.audit")


def audit(event: Event, *, client: Client | str | None = None, **facts: str | int | None) -> None:
    """Log an event. ``facts`` are words of ours and numbers, nothing that a request brought."""
    known = client.client_id if isinstance(client, Client) else client
    _log.info(
        event, **({} if known is None else {"client": known}), **{name: value for name, value in facts.items() if value is not None}
    )

"""The gateway's own tables, as the migrations make them; those of an authority are in its library."""

from typing import Any

import sqlalchemy as sa

METADATA = sa.MetaData()

_BYTES = sa.LargeBinary
_TIME = sa.TIMESTAMP(timezone=True)
_TEXTS = sa.ARRAY(sa.Text)


def _needed(name: str, kind: Any) -> "sa.Column[Any]":
    return sa.Column(name, kind, nullable=False)


pairwise_reference = sa.Table(
    "pairwise_reference",
    METADATA,
    sa.Column("ref", _BYTES, primary_key=True),
    _needed("ref_keyvault", _BYTES),
    _needed("ref_identity", _BYTES),
)

authorization_attempt = sa.Table(
    "authorization_attempt",
    METADATA,
    sa.Column("handle", _BYTES, primary_key=True),
    _needed("stage", sa.Text),
    _needed("client_id", sa.Text),
    _needed("redirect_uri", sa.Text),
    sa.Column("state", sa.Text),
    sa.Column("nonce", sa.Text),
    sa.Column("challenge", _BYTES),
    sa.Column("jkt", _BYTES),
    _needed("resources", _TEXTS),
    _needed("place", sa.SmallInteger),
    sa.Column("provider", sa.Text),
    _needed("scope", sa.Text),
    sa.Column("prompt", sa.Text),
    sa.Column("max_age", sa.Integer),
    _needed("acr_values", _TEXTS),
    _needed("acr_needed", sa.Boolean),
    sa.Column("hinted_sub", sa.Text),
    sa.Column("cookie", _BYTES),
    sa.Column("ref", _BYTES),
    sa.Column("session_id", _BYTES),
    sa.Column("browser_id", _BYTES),
    sa.Column("acr", sa.Text),
    sa.Column("auth_time", _TIME),
    _needed("expires_at", _TIME),
)

sign_in = sa.Table(
    "sign_in",
    METADATA,
    sa.Column("id", _BYTES, primary_key=True),
    _needed("sid_gateway", _BYTES),
    _needed("ref", _BYTES),
    _needed("client_id", sa.Text),
    sa.Column("jkt", _BYTES),
    _needed("resources", _TEXTS),
    sa.Column("browser_id", _BYTES),
    _needed("scope", sa.Text),
    _needed("acr", sa.Text),
    _needed("auth_time", _TIME),
    _needed("tells_time", sa.Boolean),
    _needed("refresh_hash", _BYTES),
    _needed("idle_until", _TIME),
    _needed("expires_at", _TIME),
)

browser_session = sa.Table(
    "browser_session",
    METADATA,
    sa.Column("id", _BYTES, primary_key=True),
    _needed("cookie", _BYTES),
    _needed("ref", _BYTES),
    _needed("acr", sa.Text),
    _needed("auth_time", _TIME),
    _needed("idle_until", _TIME),
    _needed("expires_at", _TIME),
)

account_link = sa.Table(
    "account_link",
    METADATA,
    sa.Column("work_id", _BYTES, primary_key=True),
    _needed("subject", _BYTES),
)

group_session = sa.Table(
    "group_session",
    METADATA,
    sa.Column("session_id", _BYTES, primary_key=True),
    sa.Column("browser_id", _BYTES),
    _needed("sub", _BYTES),
    sa.Column("sid", _BYTES),
)

logout_outbox = sa.Table(
    "logout_outbox",
    METADATA,
    sa.Column("id", _BYTES, primary_key=True),
    _needed("audience", sa.Text),
    _needed("sid", _BYTES),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    _needed("due_at", _TIME),
    _needed("expires_at", _TIME),
)

staff_attempt = sa.Table(
    "staff_attempt",
    METADATA,
    sa.Column("handle", _BYTES, primary_key=True),
    _needed("stage", sa.Text),
    _needed("client_id", sa.Text),
    _needed("redirect_uri", sa.Text),
    sa.Column("state", sa.Text),
    _needed("challenge", _BYTES),
    _needed("jkt", _BYTES),
    _needed("resources", _TEXTS),
    sa.Column("cookie", _BYTES),
    sa.Column("person", _BYTES),
    sa.Column("group_sid", _BYTES),
    sa.Column("roles", _TEXTS),
    sa.Column("session_id", _BYTES),
    _needed("expires_at", _TIME),
)

staff_sign_in = sa.Table(
    "staff_sign_in",
    METADATA,
    sa.Column("id", _BYTES, primary_key=True),
    _needed("person", _BYTES),
    sa.Column("group_sid", _BYTES),
    _needed("roles", _TEXTS),
    _needed("client_id", sa.Text),
    _needed("jkt", _BYTES),
    _needed("resources", _TEXTS),
    _needed("refresh_hash", _BYTES),
    _needed("idle_until", _TIME),
    _needed("expires_at", _TIME),
)

"""The gateway as a service: OpenID provider, relying party of the corporate group, and the first of the three authorities."""

from pathlib import Path

import authority
import windows
from chassis import once
from chassis.app import Service, Worker

from gateway.commands import COMMANDS
from gateway.config import GatewayConfig
from gateway.routes import (
    authorize,
    discovery,
    group_logout,
    introspection,
    local_sign_in,
    logout,
    par,
    revocation,
    session,
    staff,
    token,
    upstream,
    userinfo,
)
from gateway.start import deliver, forget, reread_token_keys, start
from gateway.use_cases.enrol import GatewayExtras

_HERE = Path(__file__).parent
_FOLD = (
    *authority.FOLD,
    # An hour late: as long as the service runs it ends these itself, and tells the others.
    "DELETE FROM sign_in WHERE expires_at < to_timestamp(current_setting('seal.now')::bigint) - interval '1 hour'",
    "DELETE FROM browser_session WHERE expires_at < to_timestamp(current_setting('seal.now')::bigint) - interval '1 hour'",
    "DELETE FROM authorization_attempt WHERE expires_at < to_timestamp(current_setting('seal.now')::bigint) - interval '1 hour'",
    "DELETE FROM staff_sign_in WHERE expires_at < to_timestamp(current_setting('seal.now')::bigint)",
    "DELETE FROM staff_attempt WHERE expires_at < to_timestamp(current_setting('seal.now')::bigint)",
    (
        "DELETE FROM group_session g WHERE NOT EXISTS (SELECT FROM authorization_attempt a WHERE a.session_id = g.session_id)"
        " AND NOT EXISTS (SELECT FROM sign_in s WHERE s.id = g.session_id)"
        " AND NOT EXISTS (SELECT FROM browser_session b WHERE b.id = g.browser_id)"
    ),
    # Who leaves is unlinked, and who comes back with the same work id is linked to the account of then.
    (
        "DELETE FROM account_link l WHERE NOT EXISTS (SELECT FROM verifier v WHERE v.hash = l.work_id"
        " AND coalesce(v.not_before, 0) <= current_setting('seal.now')::bigint"
        " AND coalesce(least(v.expires, v.guardian_until), 9223372036854775807) > current_setting('seal.now')::bigint)"
    ),
)

SERVICE = Service(
    name="gateway",
    config_kind=GatewayConfig,
    routers=(
        discovery.router,
        par.router,
        authorize.router,
        local_sign_in.router,
        upstream.router,
        group_logout.router,
        token.router,
        userinfo.router,
        introspection.router,
        revocation.router,
        logout.router,
        session.router,
        staff.router,
        windows.ROUTER,
        *authority.routers(),
    ),
    migrations=(once.MIGRATIONS, windows.MIGRATIONS, authority.MIGRATIONS, _HERE / "migrations"),
    grants=_HERE / "grants.sql",
    start=start,
    fold=_FOLD,
    emptied_tables=authority.EMPTIED_TABLES,
    # Every table that names a member, or whose rows lie in the order in which members came and went.
    sealed_tables=(
        *authority.SEALED_TABLES,
        "pairwise_reference",
        "account_link",
        "authorization_attempt",
        "group_session",
        "browser_session",
        "sign_in",
        "logout_outbox",
        "staff_attempt",
        "staff_sign_in",
    ),
    purge=(authority.purge, windows.purge),
    # Not with the hourly purge: who signed in should not stand here longer than the session, or a code, is good for.
    workers=(
        authority.SEQUENCER,
        windows.ROTATION,
        Worker("logout-outbox", 2.0, deliver),
        Worker("sign-in-purge", 60.0, forget),
        Worker("token-keys", 30.0, reread_token_keys),
    ),
    commands=(*authority.COMMANDS, *COMMANDS),
    restoring=authority.restoring(
        GatewayExtras(),
        "authorization_attempt",
        "group_session",
        "browser_session",
        "sign_in",
        "logout_outbox",
        "staff_attempt",
        "staff_sign_in",
    ),
    checks=authority.CHECKS,
    title="warifu gateway",
    description="OpenID provider, accounts and sessions; one of three authorities that hold a share each.",
)

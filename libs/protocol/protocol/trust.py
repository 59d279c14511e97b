"""How the five hosts' certificates are checked."""

import ssl

from .deployment import Deployment


def trust(deployment: Deployment) -> ssl.SSLContext | None:
    """Return the checks of a client of the hosts: their names, and the deployment's own authority alone.

    ``None`` where the deployment pins none: then whatever the system trusts may vouch for them.
    """
    if deployment.tls_authority is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_verify_locations(cadata=deployment.tls_authority)
    return context

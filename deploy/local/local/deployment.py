"""Writes the public file of the deployment: what hosts, registrar and members pin about each other."""

from protocol.deployment import Deployment, GroupIdp, Officer, OfficerList, Portal
from protocol.names import AUTHORITIES, HOSTS
from protocol.sealing import XWingPrivateKey
from protocol.signing import SigningKey
from registrar.population.sites import INSURER_NUMBER

from local import keys
from local.ceremony import OFFICERS
from local.group import EMPLOYEE_CLAIM, EVIDENCE_CLIENT, PROVIDER_NAME
from local.layout import Layout
from local.secrets import keep_secret


def write_deployment(layout: Layout) -> None:
    """Make `deployment.json` from the origins and from the public halves of the ceremony's secrets; the hosts are configured."""
    deployment = Deployment(
        insurer=INSURER_NUMBER,
        origins={host: layout.origin(host) for host in HOSTS},
        authorities={host: keys.public(layout, host) for host in AUTHORITIES},
        group_idps=(
            GroupIdp(
                issuer=layout.group_issuer,
                name=PROVIDER_NAME,
                evidence_client=EVIDENCE_CLIENT,
                subject_claim=EMPLOYEE_CLAIM,
                allowed_claims=frozenset({EMPLOYEE_CLAIM}),
            ),
        ),
        officers=OfficerList(number=1, officers=tuple(_officer(layout, name) for name in OFFICERS)),
        insurer_key=XWingPrivateKey(keep_secret(layout.registrar / "insurer.key")).public_bytes,
        portal=Portal(origin=layout.portal_origin, rp_id=layout.site("portal").name),
        tls_authority=layout.tls_authority.read_text(encoding="ascii") if layout.isolated else None,
        partner_origins={host: site.origin for host in HOSTS if (site := layout.partners_site(host))},
        staff_portal=Portal(origin=layout.staff_portal_origin, rp_id=f"staff.{layout.site('portal').name}"),
    )
    layout.deployment.write_text(deployment.model_dump_json(indent=2), encoding="utf-8")


def _officer(layout: Layout, name: str) -> Officer:
    return Officer(id=name, key=SigningKey(keep_secret(layout.officers / f"{name}.key")).public_bytes)

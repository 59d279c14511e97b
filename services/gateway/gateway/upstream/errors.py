"""How a provider can fail those who sign in with it."""


class ProviderUnreachable(Exception):
    """The provider does not answer, or not with what it must publish."""


class ProviderRefused(Exception):
    """The provider's answer to a sign-in is not one that this gateway asked for, or does not verify."""


class ClaimsElsewhere(ProviderRefused):
    """The provider says that a claim exists and does not say it here, as Entra ID does for somebody in too many groups."""

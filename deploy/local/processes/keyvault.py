"""The service of keyvault."""

from local.kinds import service

PROCESS = service("keyvault")

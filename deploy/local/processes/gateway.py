"""The service of gateway."""

from local.kinds import service

PROCESS = service("gateway")

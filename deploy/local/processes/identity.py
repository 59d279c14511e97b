"""The service of identity."""

from local.kinds import service

PROCESS = service("identity")

"""The service of programs."""

from local.kinds import service

PROCESS = service("programs")

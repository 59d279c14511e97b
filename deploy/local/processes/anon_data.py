"""The service of anon-data."""

from local.kinds import service

PROCESS = service("anon-data")

"""The drill: seizes hosts of a running, populated system and tries to join people to their data."""

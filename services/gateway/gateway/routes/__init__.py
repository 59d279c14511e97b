"""The gateway's routes, one module a step of a sign-in."""

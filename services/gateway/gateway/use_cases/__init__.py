"""What the gateway decides, one module a step of a sign-in."""

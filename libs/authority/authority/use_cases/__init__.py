"""What an authority decides, one module a capability."""

"""SQL of the authorities, one module a capability."""

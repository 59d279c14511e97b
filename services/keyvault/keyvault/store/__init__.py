"""SQL of the keyvault."""

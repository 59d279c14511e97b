"""The keyvault's own routes."""

"""What the keyvault decides."""

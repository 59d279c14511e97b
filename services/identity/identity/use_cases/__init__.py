"""What identity decides."""

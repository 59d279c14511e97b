"""What a store does about staff."""

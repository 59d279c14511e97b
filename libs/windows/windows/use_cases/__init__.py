"""What a host does with windows."""

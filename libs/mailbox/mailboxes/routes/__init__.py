"""The routes that both stores have alike."""

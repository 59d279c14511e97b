"""The rules of health checkups, pure: what the published rules make of coded results, and which value decided."""

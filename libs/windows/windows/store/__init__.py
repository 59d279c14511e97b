"""SQL of windows and quotas."""

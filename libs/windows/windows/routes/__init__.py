"""The route at which windows are opened."""

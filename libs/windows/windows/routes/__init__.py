"""Routes at which windows are opened, closed and looked at, and officers' lists accepted."""

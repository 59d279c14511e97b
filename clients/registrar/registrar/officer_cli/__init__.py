"""The command ``warifu-officer``: keys of officers, and signatures by them, on their own machines."""

"""``python -m programs``."""

from chassis.main import main

from programs.app import SERVICE

main(SERVICE)

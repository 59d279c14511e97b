"""``python -m anon_data``."""

from chassis.main import main

from anon_data.app import SERVICE

main(SERVICE)

"""``python -m gateway``."""

from chassis.main import main

from gateway.app import SERVICE

if __name__ == "__main__":
    main(SERVICE)

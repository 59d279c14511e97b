"""``python -m identity serve|check|migrate|seal|openapi``."""

from chassis.main import main

from identity.app import SERVICE

if __name__ == "__main__":
    main(SERVICE)

"""``python -m keyvault serve|check|migrate|seal|openapi``."""

from chassis.main import main

from keyvault.app import SERVICE

if __name__ == "__main__":
    main(SERVICE)

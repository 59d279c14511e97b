#!/bin/sh
# Run once by the image, at the first start: the roles and the database, with the passwords of the two URLs' roles.
set -eu
psql -X -q -U "${POSTGRES_USER:-postgres}" -d postgres \
  -v owner_password="$(cat /run/secrets/owner.password)" -v runtime_password="$(cat /run/secrets/runtime.password)" \
  -f /etc/warifu/roles.sql

#!/bin/sh
# The tests put a real PgBouncer before the database. It is no Python package.
PATH=$PATH:/usr/sbin
command -v pgbouncer >/dev/null && exit 0
if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
    echo "Installing PgBouncer, which the tests need ..."
    export DEBIAN_FRONTEND=noninteractive
    install="apt-get install -y -qq --no-install-recommends pgbouncer"
    { $install || { apt-get update -qq && $install; }; } >/dev/null 2>&1 && exit 0
fi
echo "The tests need PgBouncer: apt-get install pgbouncer (as root)." >&2
exit 1

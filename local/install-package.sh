#!/bin/sh
# What the tests need and Python has no package of: `install-package.sh NAME`, which is the name of a
# program and of the distribution's package of it.
name=$1
PATH=$PATH:/usr/sbin
command -v "$name" >/dev/null && exit 0
if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
    echo "Installing $name, which the tests need ..."
    export DEBIAN_FRONTEND=noninteractive
    install="apt-get install -y -qq --no-install-recommends $name"
    { $install || { apt-get update -qq && $install; }; } >/dev/null 2>&1 && exit 0
fi
echo "The tests need $name: apt-get install $name (as root)." >&2
exit 1

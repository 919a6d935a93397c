#!/bin/sh
# Installs the locked npm packages of folders, unless they are installed: node-packages.sh FOLDER...
set -eu

for folder in "$@"; do
    lock=$folder/package-lock.json
    installed=$folder/node_modules/.package-lock.json
    [ ! "$installed" -nt "$lock" ] || continue
    # Not `npm ci`: of npm 11 it refuses a lock that the same npm has written. This installs what is locked, too.
    npm install --prefix "$folder" --prefer-offline --no-audit --no-fund --silent
    touch "$installed"
done

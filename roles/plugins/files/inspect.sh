#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Prints the state of the host as tab-separated lines, each starting with its kind. Changes nothing.
#
#     sh -s -- PLUGINS_DIR VERSIONS_DIR SERVICE
#
#     location NAME               a directory or file in PLUGINS_DIR, managed by the role or not
#     link LOCATION DIRECTORY     the link `current` in it, with its target
#     version DIRECTORY           an unpacked version, newest first
#     previous LOCATION DIRECTORY the link before changes that no verification has accepted
#     pending LOCATION            one of these, switched after the running service was started
#     in-use DIRECTORY            a version of which a process has files open
#     running                     the service is running
set -eu

plugins=$1 versions=$2 service=$3

if [ -d "$plugins" ]; then
    find "$plugins" -mindepth 1 -maxdepth 1 -printf 'location\t%P\n'
    find "$plugins" -mindepth 2 -maxdepth 2 -name current -type l -printf 'link\t%h\t%l\n' | sed "s|\t$plugins/|\t|"
fi
if [ -d "$versions" ]; then
    find "$versions" -mindepth 2 -maxdepth 2 -type d -not -path "$versions/.*" -printf '%T@\t%p\n' | sort -nr |
        sed 's/^[^\t]*/version/'
    for previous in "$versions"/.previous/*; do
        if [ -f "$previous" ]; then
            printf 'previous\t%s\t%s\n' "${previous##*/}" "$(cat "$previous")"
        fi
    done
    # A process may end while it is being inspected.
    { find /proc/[0-9]*/fd -lname "$versions/*" -printf 'in-use\t%l\n' 2>/dev/null || true; } |
        sed "s|^\(in-use\t$versions/[^/]*/[^/]*\)/.*|\1|" | sort -u
fi
if [ "$(systemctl is-active "$service.service")" = active ]; then
    echo running
    started=$(TZ=UTC systemctl show --property ExecMainStartTimestamp --value "$service.service")
    if [ -n "$started" ] && [ -d "$versions/.previous" ]; then
        find "$versions/.previous" -mindepth 1 -maxdepth 1 -type f -newermt "$started" -printf 'pending\t%f\n'
    fi
fi

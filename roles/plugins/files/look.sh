#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Prints what a host has, a kind and what there is to say on each line, with tabs between. Changes nothing.
#
#     sh -s -- PLUGINS_DIR VERSIONS_DIR SERVICE
#
#     location NAME               a directory or file of PLUGINS_DIR, whoever has made it
#     link LOCATION DIRECTORY     the link `current` in it
#     version DIRECTORY           a version that is unpacked, the newest first
#     former LOCATION DIRECTORY   what was there before changes that no verification has approved
#     opened DIRECTORY            a version that a process has files open of
#     running                     the service runs
set -eu

plugins=$1 versions=$2 service=$3

if [ -d "$plugins" ]; then
    find "$plugins" -mindepth 1 -maxdepth 1 -printf 'location\t%P\n'
    find "$plugins" -mindepth 2 -maxdepth 2 -name current -type l -printf 'link\t%h\t%l\n' | sed "s|\t$plugins/|\t|"
fi
if [ -d "$versions" ]; then
    find "$versions" -mindepth 2 -maxdepth 2 -type d -not -path "$versions/.*" -printf '%T@\t%p\n' | sort -nr |
        sed 's/^[^\t]*/version/'
    for former in "$versions"/.former/*; do
        if [ -f "$former" ]; then
            printf 'former\t%s\t%s\n' "${former##*/}" "$(cat "$former")"
        fi
    done
    # A process may end while one looks at it.
    { find /proc/[0-9]*/fd -lname "$versions/*" -printf 'opened\t%l\n' 2>/dev/null || true; } |
        sed "s|^\(opened\t$versions/[^/]*/[^/]*\)/.*|\1|" | sort -u
fi
if [ "$(systemctl is-active "$service.service")" = active ]; then
    echo running
fi

#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Switches locations in plugin.path, each atomically: a worker that starts meanwhile finds either the previous or the new state.
#
#     sh -s -- remember|forget PLUGINS_DIR VERSIONS_DIR [LOCATION DIRECTORY]...
#
# A location is a directory in PLUGINS_DIR with one link, `current`, to the directory of a version. The link is inside the location
# because Kafka Connect resolves links there at startup: a running worker keeps using the jars it was started with. An empty
# DIRECTORY removes the location. `remember` records the previous target, unless one is already recorded; `forget` removes
# the record. The time of the record is that of the last switch.
set -eu

mode=$1 plugins=$2 versions=$3
shift 3
incoming=$versions/.incoming
previous=$versions/.previous

if [ "$(stat -c %d "$plugins")" != "$(stat -c %d "$versions")" ]; then
    echo "$plugins and $versions are on different file systems, so links cannot be switched atomically" >&2
    exit 1
fi
umask 022
rm -rf "$incoming"
mkdir -p "$incoming" "$previous"

while [ $# -gt 0 ]; do
    location=$1 directory=$2
    shift 2
    link=$plugins/$location/current
    if [ "$mode" = remember ] && [ -e "$previous/$location" ]; then
        touch "$previous/$location"
    elif [ "$mode" = remember ]; then
        if [ -L "$link" ]; then
            readlink "$link" > "$incoming/previous"
        else
            : > "$incoming/previous"
        fi
        mv "$incoming/previous" "$previous/$location"
    fi
    if [ -z "$directory" ]; then
        if [ -e "$plugins/$location" ]; then
            mv -T "$plugins/$location" "$incoming/removed"
            rm -rf "$incoming/removed"
        fi
    else
        mkdir "$incoming/location"
        ln -s "$directory" "$incoming/location/current"
        if [ -e "$plugins/$location" ]; then
            mv -T "$incoming/location/current" "$link"
            rmdir "$incoming/location"
        else
            mv -T "$incoming/location" "$plugins/$location"
        fi
    fi
    # Back at the recorded state, so there is nothing to roll back.
    if [ "$mode" = forget ] || [ "$(cat "$previous/$location")" = "$directory" ]; then
        rm -f "$previous/$location"
    fi
done
rm -rf "$incoming"

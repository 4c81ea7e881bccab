#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Switches locations of plugin.path, each in one step: a worker that starts meanwhile sees the former state or the new one.
#
#     sh -s -- remember|forget PLUGINS_DIR VERSIONS_DIR [LOCATION DIRECTORY]...
#
# A location is a directory of PLUGINS_DIR with one link, `current`, to the directory with a version. The link is inside of it
# since Kafka Connect resolves links there when it starts: a worker goes on with the jars that it has started with. An empty
# DIRECTORY removes the location. `remember` notes what was there before, unless something is noted already; `forget` removes
# the note.
set -eu

mode=$1 plugins=$2 versions=$3
shift 3
incoming=$versions/.incoming
former=$versions/.former

if [ "$(stat -c %d "$plugins")" != "$(stat -c %d "$versions")" ]; then
    echo "$plugins and $versions are in different file systems: nothing can be switched there in one step" >&2
    exit 1
fi
umask 022
rm -rf "$incoming"
mkdir -p "$incoming" "$former"

while [ $# -gt 0 ]; do
    location=$1 directory=$2
    shift 2
    link=$plugins/$location/current
    if [ "$mode" = remember ] && [ ! -e "$former/$location" ]; then
        if [ -L "$link" ]; then
            readlink "$link" > "$incoming/former"
        else
            : > "$incoming/former"
        fi
        mv "$incoming/former" "$former/$location"
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
    # Nothing to go back to: it is as it was.
    if [ "$mode" = forget ] || [ "$(cat "$former/$location")" = "$directory" ]; then
        rm -f "$former/$location"
    fi
done
rm -rf "$incoming"

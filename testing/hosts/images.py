# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The root file systems of hosts: created once, cached, and read-only for the hosts.

``bare`` is Debian 12 with systemd, SSH and Python, like a new server. ``java`` is a layer above it with Java, for tests
that do not concern the installation of Java. ``bare-13`` and ``java-13`` are the same with Debian 13 and its Java. Hosts
cannot reach a package archive; packages that a role may install are in ``/srv/packages`` of the image, which is a source
of their apt.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from testing.sandbox.environment import cache_directory
from testing.sandbox.jars import exclusive
from testing.sandbox.progress import Report, silent

from .errors import HostsError
from .system import call

Image = Literal["bare", "java", "bare-13", "java-13"]
IMAGES: tuple[Image, ...] = get_args(Image)

USER = "ansible"
"""The login user of a host. It is not root, but sudo does not require a password."""


@dataclass(frozen=True)
class _Release:
    """A release of Debian: the name of its archive, and the package of the Java that comes with it."""

    suite: str
    java: str


_DEBIAN_12 = _Release("bookworm", "openjdk-17-jre-headless")
_DEBIAN_13 = _Release("trixie", "openjdk-21-jre-headless")
_RELEASES: Mapping[Image, _Release] = {
    "bare": _DEBIAN_12,
    "java": _DEBIAN_12,
    "bare-13": _DEBIAN_13,
    "java-13": _DEBIAN_13,
}
_PACKAGES = "ca-certificates,dbus,iproute2,openssh-server,procps,python3,python3-apt,sudo,systemd,systemd-sysv,tzdata"
# Packages for a host that issues Kerberos tickets.
_KERBEROS = "krb5-kdc krb5-admin-server"

# Runs on this machine, with the root of the new file system as its first argument.
_PREPARE = rf"""#!/bin/sh
set -eu
root=$1
chroot "$root" apt-get install -qq -y --no-install-recommends --download-only @JAVA@ {_KERBEROS}
mkdir "$root/srv/packages"
mv "$root"/var/cache/apt/archives/*.deb "$root/srv/packages/"
chroot "$root" sh -eu <<'INSIDE'
cd /srv/packages
for package in *.deb; do
    dpkg-deb -f "$package"
    echo "Filename: ./$package"
    echo "Size: $(stat -c %s "$package")"
    echo "SHA256: $(sha256sum "$package" | cut -d ' ' -f 1)"
    echo
done > Packages
rm -f /etc/apt/sources.list.d/* /var/lib/apt/lists/*Packages /var/lib/apt/lists/*Release
echo 'deb [trusted=yes] file:/srv/packages ./' > /etc/apt/sources.list
apt-get update -qq
useradd --create-home --shell /bin/bash {USER}
echo '{USER} ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/{USER}
# Each host gets its own.
: > /etc/machine-id
systemctl -q enable ssh systemd-networkd
systemctl -q mask console-getty systemd-networkd-wait-online apt-daily.timer apt-daily-upgrade.timer
INSIDE
"""

_ADD_JAVA = r"""set -eu
mount -t overlay overlay -o "lowerdir=$1,upperdir=$2,workdir=$3" "$4"
mount -t proc proc "$4/proc"
chroot "$4" apt-get -o Dpkg::Options::=--force-unsafe-io install -qq -y --no-install-recommends "$5"
chroot "$4" apt-get clean
"""


def ensure(image: Image, report: Report = silent) -> tuple[Path, ...]:
    """The directories of an image, topmost first, created if they are not in the cache; safe for concurrent use.

    Raises HostsError if a step fails.
    """
    release = _RELEASES[image]
    home = cache_directory() / "hosts" / "images" / _key(release)
    with exclusive(home.with_name(f"{home.name}.lock")):
        bare, java = home / "bare", home / "java"
        if not bare.exists():
            report("making the base image (once)")
            with _aside(bare) as unfinished:
                _make_bare(release, unfinished)
        if image.startswith("bare"):
            return (bare,)
        if not java.exists():
            report("making the layer with Java (once)")
            with _aside(java) as unfinished:
                _make_java(release, bare, unfinished)
        return (java, bare)


def host_keys(image: Image) -> tuple[str, ...]:
    """The public SSH host keys of this image in the format of known_hosts; all hosts of an image share them."""
    bare = ensure(image)[-1]
    return tuple(sorted(path.read_text(encoding="ascii").strip() for path in bare.glob("etc/ssh/ssh_host_*_key.pub")))


def _key(release: _Release) -> str:
    """A digest of the recipe: a changed recipe creates new images."""
    return hashlib.sha256(f"{release} {_PACKAGES} {_PREPARE} {_ADD_JAVA}".encode()).hexdigest()[:12]


@contextmanager
def _aside(final: Path) -> Iterator[Path]:
    """A directory to fill. It is moved to its place only if the block succeeds."""
    final.parent.mkdir(parents=True, exist_ok=True)
    unfinished = final.with_name(f"{final.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir()
    try:
        yield unfinished
        unfinished.rename(final)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _make_bare(release: _Release, root: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        hook = Path(folder, "prepare")
        hook.write_text(_PREPARE.replace("@JAVA@", release.java), encoding="ascii")
        hook.chmod(0o755)
        call(
            [
                "mmdebstrap",
                "--mode=root",
                "--variant=minbase",
                "--format=directory",
                "--dpkgopt=force-unsafe-io",
                '--aptopt=Acquire::Languages "none"',
                f"--include={_PACKAGES}",
                f"--customize-hook={hook}",
                # Its package lists are those of the packages in the image.
                "--skip=cleanup/apt/lists",
                release.suite,
                str(root),
            ],
            environment={"LC_ALL": "C.UTF-8"},
        )
    if not (root / "srv" / "packages" / "Packages").stat().st_size:
        raise HostsError(f"The base image in {root} has no packages for its hosts.")


def _make_java(release: _Release, bare: Path, layer: Path) -> None:
    with tempfile.TemporaryDirectory(dir=layer.parent) as folder:
        work, root = Path(folder, "work"), Path(folder, "root")
        work.mkdir()
        root.mkdir()
        # In its own mount namespace: no mount remains, however it ends.
        folders = map(str, (bare, layer, work, root))
        command = ["unshare", "--mount", "sh", "-c", _ADD_JAVA, "sh", *folders, release.java]
        call(command, environment={"DEBIAN_FRONTEND": "noninteractive", "PATH": f"{os.defpath}:/usr/sbin:/sbin"})

# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requirements on this machine, and calls of its programs."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence

from .errors import HostsError

# Program -> the package of Debian and Ubuntu that has it. .ci/run installs the same.
PROGRAMS: Mapping[str, str] = {
    "systemd-nspawn": "systemd-container",
    "mmdebstrap": "mmdebstrap",
    "ssh": "openssh-client",
    "ssh-keygen": "openssh-client",
    "ip": "iproute2",
}


def check_requirements() -> None:
    """Raises HostsError with a list of everything that is missing."""
    missing = [program for program in PROGRAMS if shutil.which(program) is None]
    problems = []
    if os.geteuid() != 0:
        problems.append("must be root to mount file systems and to start machines")
    if missing:
        packages = sorted({PROGRAMS[program] for program in missing})
        problems.append(f"{', '.join(missing)} not found on PATH (Debian, Ubuntu: apt install {' '.join(packages)})")
    if problems:
        raise HostsError(f"cannot create hosts: {'; '.join(problems)}")


def call(command: Sequence[str], *, environment: Mapping[str, str] | None = None) -> str:
    """Run a program. Returns its output, or raises HostsError with the end of it if the program fails."""
    answer = subprocess.run(
        list(command),
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        stdin=subprocess.DEVNULL,
        env={**os.environ, **environment} if environment else None,
    )
    if answer.returncode != 0:
        message = "\n".join((answer.stdout + answer.stderr).strip().splitlines()[-12:])
        raise HostsError(f"{' '.join(command[:6])} … failed with exit code {answer.returncode}:\n{message}")
    return answer.stdout

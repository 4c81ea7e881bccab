# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pythons other than the one that runs the tests: virtual environments that share its packages, or lack some of them."""

from __future__ import annotations

import sys
import sysconfig
import venv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .playbook import TaskRecord

_WITNESS = """\
import os, sys, time
with open({starts!r}, "a") as file:
    print(time.monotonic(), file=file)
for name in {missing!r}:
    sys.modules[name] = None
try:
    import syslog
except ImportError:
    pass
else:
    def _keep(*arguments):
        with open({journal!r}, "a") as file:
            print(*arguments[-1:], file=file)
    syslog.syslog = _keep
# Where Ansible finds the journal of systemd it would not take syslog.
sys.modules["systemd"] = None
"""


@dataclass(frozen=True)
class Interpreter:
    """A Python in a separate folder, which records its starts and what programs send to the system log."""

    python: Path
    starts_file: Path
    journal_file: Path

    def starts(self, during: TaskRecord) -> int:
        """How often it was started during that task: 0 means that the task ran in ansible-playbook itself."""
        return sum(during.started <= float(line) <= during.ended for line in _lines(self.starts_file))

    @property
    def journal(self) -> list[str]:
        """The lines that its programs would have sent to syslog or the journal."""
        return _lines(self.journal_file)


def make_interpreter(folder: Path, *, missing: Sequence[str] = ()) -> Interpreter:
    """A virtual environment in `folder` with all packages of the running Python except the top-level modules `missing`."""
    venv.create(folder, symlinks=True, with_pip=False)
    made = Interpreter(folder / "bin" / "python", folder / "starts.txt", folder / "journal.txt")
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    packages = folder / "lib" / version / "site-packages"
    witness = _WITNESS.format(starts=str(made.starts_file), journal=str(made.journal_file), missing=tuple(missing))
    (packages / "contract_witness.py").write_text(witness, encoding="utf-8")
    shared = sysconfig.get_path("purelib")
    (packages / "contract.pth").write_text(f"{shared}\nimport contract_witness\n", encoding="utf-8")
    return made


def _lines(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8").splitlines() if file.exists() else []

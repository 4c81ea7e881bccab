# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs a module of the collection as a process, as a managed host does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

from testing.sandbox.environment import collections_path

PROGRAM = "from ansible_collections.streamops.kafka_connect.plugins.modules import {name}; {name}.main()"


def run_module(module_name: str, /, **arguments: Any) -> tuple[int, str, dict[str, Any]]:
    """Exit status, everything that it printed, and its result."""
    fed = json.dumps({"ANSIBLE_MODULE_ARGS": {"_ansible_remote_tmp": "/tmp", **arguments}})
    paths = os.pathsep.join([str(collections_path()), *filter(None, [os.environ.get("PYTHONPATH", "")])])
    # Before ansible-core 2.19 a module reads its arguments from stdin, since then they are set by its wrapper.
    wrapper = (
        "import json, sys\n"
        "from ansible.module_utils import basic\n"
        "basic._ANSIBLE_ARGS = sys.stdin.buffer.read()\n"
        "basic._ANSIBLE_PROFILE = 'legacy'\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", wrapper + PROGRAM.format(name=module_name)],
        input=fed,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": paths},
        timeout=60,
    )
    assert ended.stdout, ended.stderr
    return ended.returncode, ended.stdout + ended.stderr, json.loads(ended.stdout)

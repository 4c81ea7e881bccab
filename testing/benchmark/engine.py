# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The engine without Ansible: module `connectors` in check mode on files, from reading them to its result.

`python -m testing.benchmark.engine URL FOLDER` prints seconds, CPU seconds, peak memory of the whole process in MB,
requests and the number of connectors that would change; imports are not counted as time.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from testing.sandbox.environment import collections_path

sys.path.insert(0, str(collections_path()))

# Found through the path above.
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.execute import execute
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.connectors import (
    CONNECTORS,
    connectors,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.desired.source import (
    desired_set,
    read_files,
)


def run_connectors(folder: Path, options: Mapping[str, object], *, check_mode: bool = False) -> dict[str, Any]:
    """The result of the module for the connectors of these files, as returned to Ansible."""
    parameters = {name: argument.get("default") for name, argument in CONNECTORS.arguments.items()}
    desired = desired_set(read_files([str(folder)], lambda data, _path: data))
    parameters.update(options)
    return execute(connectors, parameters, check_mode=check_mode, diff_mode=True, desired=desired.connectors)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m testing.benchmark.engine", description=__doc__)
    parser.add_argument("url")
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    started, cpu = time.perf_counter(), time.process_time()
    result = run_connectors(options.folder, {"url": [options.url], "validate": "none"}, check_mode=True)
    reported = {
        "seconds": time.perf_counter() - started,
        "cpu": time.process_time() - cpu,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "requests": result["run"]["requests"],
        "changes": sum(entry["changed"] for entry in result["connectors"]),
    }
    print(json.dumps(reported))


if __name__ == "__main__":
    main()

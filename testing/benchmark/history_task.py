# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The engine without Ansible: module `cluster_history`, from its options to its result.

`python -m testing.benchmark.history_task BOOTSTRAP_SERVERS CONFIG_TOPIC STATUS_TOPIC` prints seconds, CPU seconds, peak memory of
the whole process in MB, and the numbers of statuses, bytes and events.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time

from testing.sandbox.environment import collections_path

sys.path.insert(0, str(collections_path()))

from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.execute import execute
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.cluster_history import (
    CLUSTER_HISTORY,
    cluster_history,
)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m testing.benchmark.history_task", description=__doc__)
    for name in ("bootstrap_servers", "config_topic", "status_topic"):
        parser.add_argument(name)
    parser.add_argument("--as-of", default="")
    options = parser.parse_args()
    parameters = {name: argument.get("default") for name, argument in CLUSTER_HISTORY.arguments.items()}
    parameters |= {"name": [], "client_properties": {}, "as_of": options.as_of}
    parameters |= {"config_topic": options.config_topic, "status_topic": options.status_topic}
    parameters["bootstrap_servers"] = [options.bootstrap_servers]
    started, cpu = time.perf_counter(), time.process_time()
    result = execute(cluster_history, parameters, check_mode=False, diff_mode=False)
    if result.get("failed"):
        sys.exit(result["msg"])
    reported = {
        "seconds": time.perf_counter() - started,
        "cpu": time.process_time() - cpu,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "statuses": result["topics"][1]["records"],
        "bytes": result["topics"][1]["bytes"],
        "events": len(result["events"]) + result["events_omitted"],
    }
    print(json.dumps(reported))


if __name__ == "__main__":
    main()

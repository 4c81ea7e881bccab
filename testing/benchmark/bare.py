# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The minimum that any program must do to compare files with a cluster: one GET, and parsing its response and the
files.

`python -m testing.benchmark.bare URL FOLDER` prints the seconds, including CPU seconds; imports are not counted.
"""

from __future__ import annotations

import argparse
import http.client
import json
import time
from pathlib import Path
from urllib.parse import urlsplit

import yaml


def compare(url: str, folder: Path) -> int:
    """The number of connectors in the cluster and in the files; files that end in .json are JSON, all others YAML."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
    connection.request("GET", "/connectors?expand=info&expand=status")
    stored = json.loads(connection.getresponse().read())
    connection.close()
    files = [(path, path.read_bytes()) for path in sorted(folder.iterdir())]
    desired = [
        json.loads(data) if path.suffix == ".json" else yaml.load(data, yaml.CSafeLoader) for path, data in files
    ]
    return sum(entry["name"] in stored for entry in desired)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m testing.benchmark.bare", description=__doc__)
    parser.add_argument("url")
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    started, cpu_before = time.perf_counter(), time.process_time()
    found = compare(options.url, options.folder)
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu_before
    print(json.dumps({"seconds": seconds, "cpu": cpu, "found": found}))


if __name__ == "__main__":
    main()

# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run a fake cluster by hand or for a benchmark: `python -m testing.fake_connect --port 0 --connectors 1000`."""

from __future__ import annotations

import argparse
import signal
import sys

from .cluster import FakeCluster


def sample_config(number: int) -> dict[str, object]:
    """A configuration with 14 keys (including the name that Connect adds), the size of a typical real one."""
    return {
        "connector.class": "org.apache.kafka.connect.file.FileStreamSourceConnector",
        "tasks.max": 1,
        "file": f"/data/input-{number:05}.txt",
        "topic": f"topic-{number:05}",
        "batch.size": 2000,
        "key.converter": "org.apache.kafka.connect.storage.StringConverter",
        "value.converter": "org.apache.kafka.connect.json.JsonConverter",
        "value.converter.schemas.enable": False,
        "errors.tolerance": "none",
        "errors.log.enable": True,
        "errors.log.include.messages": False,
        "errors.retry.timeout": 60000,
        "errors.retry.delay.max.ms": 10000,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="A fake Kafka Connect cluster on loopback; it ends with Ctrl-C.")
    parser.add_argument("--port", type=int, default=0, help="port of the first worker, the others follow; 0: any")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--connectors", type=int, default=0, help="running connectors to begin with")
    parser.add_argument("--kafka", default="4.3.1", metavar="VERSION")
    parser.add_argument("--kafka-cluster-id", default="FakeKafkaClusterIdAAAA")
    options = parser.parse_args()
    ports = [options.port + index for index in range(options.workers)] if options.port else []
    with FakeCluster(options.workers, options.kafka, options.kafka_cluster_id, ports=ports) as cluster:
        for number in range(options.connectors):
            cluster.connectors.put(f"connector-{number:05}", sample_config(number), settled=False)
        cluster.connectors.settle()
        print("\n".join(cluster.urls), flush=True)
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        signal.pause()


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)

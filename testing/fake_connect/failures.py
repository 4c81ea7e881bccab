# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How connectors fail: Kafka's Mock connectors on request, and the fictional SecretSource with a trace of several
causes.
"""

from __future__ import annotations

from dataclasses import dataclass

from .records import Config

THREAD = (
    "\tat java.base/java.util.concurrent.Executors$RunnableAdapter.call(Executors.java:539)\n"
    "\tat java.base/java.util.concurrent.FutureTask.run(FutureTask.java:264)\n"
    "\tat java.base/java.util.concurrent.ThreadPoolExecutor.runWorker(ThreadPoolExecutor.java:1136)\n"
    "\tat java.base/java.util.concurrent.ThreadPoolExecutor$Worker.run(ThreadPoolExecutor.java:635)\n"
    "\tat java.base/java.lang.Thread.run(Thread.java:840)\n"
)

TASK = (
    "\tat org.apache.kafka.connect.runtime.WorkerTask.doRun(WorkerTask.java:243)\n"
    "\tat org.apache.kafka.connect.runtime.WorkerTask.run(WorkerTask.java:298)\n"
    "\tat org.apache.kafka.connect.runtime.isolation.Plugins.lambda$withClassLoader$0(Plugins.java:252)\n"
)

CONNECTOR_TRACE = (
    "java.lang.RuntimeException\n"
    "\tat org.apache.kafka.connect.tools.MockConnector.lambda$start$0(MockConnector.java:81)\n" + THREAD
)

SOURCE_TASK_TRACE = (
    "java.lang.RuntimeException\n"
    "\tat org.apache.kafka.connect.tools.MockSourceTask.poll(MockSourceTask.java:67)\n"
    "\tat org.apache.kafka.connect.runtime.AbstractWorkerSourceTask.poll(AbstractWorkerSourceTask.java:483)\n"
    "\tat org.apache.kafka.connect.runtime.AbstractWorkerSourceTask.execute(AbstractWorkerSourceTask.java:366)\n"
    + TASK
    + THREAD
)

SINK_TASK_TRACE = (
    "org.apache.kafka.connect.errors.ConnectException: Exiting WorkerSinkTask due to unrecoverable exception.\n"
    "\tat org.apache.kafka.connect.runtime.WorkerSinkTask.deliverMessages(WorkerSinkTask.java:658)\n"
    "\tat org.apache.kafka.connect.runtime.WorkerSinkTask.poll(WorkerSinkTask.java:359)\n"
    + TASK
    + THREAD
    + "Caused by: java.lang.RuntimeException\n"
    "\tat org.apache.kafka.connect.tools.MockSinkTask.put(MockSinkTask.java:54)\n"
    "\tat org.apache.kafka.connect.runtime.WorkerSinkTask.deliverMessages(WorkerSinkTask.java:628)\n"
    "\t... 11 more\n"
)


def unknown_host_trace(host: str) -> str:
    """A task's trace with three causes, of which the innermost is the root cause."""
    return (
        "org.apache.kafka.connect.errors.ConnectException: An exception occurred in the change event producer. "
        "This connector will be stopped.\n"
        "\tat com.example.pipeline.ErrorHandler.setProducerThrowable(ErrorHandler.java:67)\n"
        + TASK
        + THREAD
        + "Caused by: org.apache.kafka.connect.errors.RetriableException: The connection attempt failed.\n"
        "\tat com.example.jdbc.Connection.open(Connection.java:431)\n"
        "\t... 6 more\n"
        f"Caused by: java.net.UnknownHostException: {host}: Name or service not known\n"
        "\tat java.base/java.net.InetAddress.getAllByName(InetAddress.java:1519)\n"
        "\t... 8 more\n"
    )


@dataclass(frozen=True)
class Failure:
    """A scheduled failure: `delay` seconds after the start of the connector itself or of each of its tasks."""

    of_connector: bool
    delay: float
    trace: str


def failure_of(plugin_name: str, config: Config) -> Failure | None:
    """The failure of a connector with this config after its start, if any."""
    if plugin_name.startswith("org.apache.kafka.connect.tools.Mock"):
        delay = int(config.get("delay_ms", "15000")) / 1000
        if config.get("mock_mode") == "connector-failure":
            return Failure(True, delay, CONNECTOR_TRACE)
        if config.get("mock_mode") == "task-failure":
            trace = SINK_TASK_TRACE if plugin_name.endswith("MockSinkConnector") else SOURCE_TASK_TRACE
            return Failure(False, delay, trace)
    host = config.get("database.hostname", "")
    if plugin_name == "com.example.SecretSourceConnector" and host.endswith(".invalid"):
        return Failure(False, 0.0, unknown_host_trace(host))
    return None

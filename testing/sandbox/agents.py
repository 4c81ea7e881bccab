# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agents that expose the metrics of a worker: Prometheus and Jolokia, fetched once by Maven from a locked POM."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from .environment import cache_directory
from .jars import MAVEN, exclusive, fetch, key_of, verify


@dataclass(frozen=True)
class Agents:
    """The jars of both agents."""

    prometheus: Path
    jolokia: Path

    def prometheus_option(self, port: int, config: Path) -> str:
        """The JVM option that starts the Prometheus agent on loopback; `config` contains its rules in YAML."""
        return f"-javaagent:{self.prometheus}=127.0.0.1:{port}:{config}"

    def jolokia_option(self, port: int, **more: str) -> str:
        """The JVM option that starts Jolokia on loopback."""
        settings = {"host": "127.0.0.1", "port": str(port), "discoveryEnabled": "false", **more}
        return f"-javaagent:{self.jolokia}={','.join(f'{key}={value}' for key, value in settings.items())}"


def ensure_agents() -> Agents:
    """The agents, fetched by Maven if they are not in the cache. Raises SandboxError as `ensure_jars` does."""
    source = MAVEN / "agents"
    home = cache_directory() / "kafka" / f"agents-{key_of(source)}"
    complete = home / "complete"
    with exclusive(home.with_name(home.name + ".lock")):
        if not complete.exists():
            shutil.rmtree(home, ignore_errors=True)
            fetch(source / "pom.xml", home)
            verify(source / "SHA256SUMS", home)
            complete.touch()
    (prometheus,) = home.glob("jmx_prometheus_javaagent-*.jar")
    (jolokia,) = home.glob("jolokia-agent-jvm-*.jar")
    return Agents(prometheus, jolokia)

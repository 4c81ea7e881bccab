# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The controller side of worker_start: the service, its process and its health check, through Ansible's own modules."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from typing import Any

from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.invocation import Operation
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.worker_start import (
    worker_start_operation,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.options import Parameters
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import one_line
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.scale.start_worker import (
    HealthAnswer,
    ServiceProcess,
)
from ansible_collections.streamops.kafka_connect.plugins.plugin_utils.host_action import HostAction
from ansible_collections.streamops.kafka_connect.plugins.plugin_utils.service import RunModule, Service

LONGEST_ANSWER = 200
HEALTH_TIMEOUT = 15
"""Seconds for the response to a health check: above the 10 s after which a worker itself reports that it is busy."""

READ_PROCESS = r"""
systemctl show --property LoadState,ActiveState,SubState,NRestarts,MainPID "$1" || exit
pid=$(systemctl show --property MainPID --value "$1")
[ "$pid" != 0 ] && [ -d "/proc/$pid/fd" ] || exit 0
for socket in $(awk -v port=":$2\$" '$4 == "0A" && $2 ~ port { print $10 }' /proc/net/tcp /proc/net/tcp6 2>/dev/null); do
    if [ -n "$(find "/proc/$pid/fd" -lname "socket:\[$socket\]" 2>/dev/null)" ]; then
        echo Listens=yes
        exit 0
    fi
done
"""
"""Another process may own the port, even another worker, which would respond as healthy. So the sockets of the service's own
process are compared with the listening ones (state 0A). Arguments: the unit, and the port in hexadecimal.
"""


class StartedService(Service):
    """Implements the engine's StartHost."""

    def __init__(self, run_module: RunModule, parameters: Parameters, health_url: str) -> None:
        super().__init__(run_module, parameters["service"])
        self._parameters = parameters
        self._health_url = health_url

    def process(self, port: int) -> ServiceProcess:
        shown = self._command("sh", "-c", READ_PROCESS, "sh", self._name, f"{port:04X}")
        known = dict(line.split("=", 1) for line in shown if "=" in line)
        return ServiceProcess(self._unit_of(known), int(known.get("MainPID") or 0), known.get("Listens") == "yes")

    def health(self) -> HealthAnswer:
        given = self._parameters
        arguments = {
            "url": self._health_url,
            "url_username": given["url_username"],
            "url_password": given["url_password"],
            "force_basic_auth": True if given["url_username"] else None,
            "ca_path": given["ca_path"],
            "client_cert": given["client_cert"],
            "client_key": given["client_key"],
            "use_proxy": False,
            "status_code": [200, 404],
            "return_content": True,
            "timeout": HEALTH_TIMEOUT,
        }
        answer = self._run_module(
            "ansible.builtin.uri", {name: value for name, value in arguments.items() if value is not None}
        )
        if answer.get("unreachable"):
            self._succeeded("uri", answer)
        status = int(answer.get("status") or -1)
        return HealthAnswer(
            status, _words_of(answer) if status > 0 else one_line(str(answer.get("msg") or ""))[:LONGEST_ANSWER]
        )


def _words_of(answer: Mapping[str, Any]) -> str:
    """The `message` of a worker's response; "" for any other response."""
    try:
        return one_line(str(json.loads(answer.get("content") or "")["message"]))[:LONGEST_ANSWER]
    except (KeyError, TypeError, ValueError):
        return ""


class StartAction(HostAction):
    """The connection options are those of the worker's host, so the controller's environment does not apply to them."""

    def _with_environment(self, arguments: dict[str, Any]) -> dict[str, Any]:
        return arguments

    def _operation(self, variables: Mapping[str, Any]) -> Operation:
        return partial(worker_start_operation, partial(StartedService, partial(self._run_module, variables)))

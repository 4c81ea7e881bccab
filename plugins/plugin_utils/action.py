# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The controller side: resolves what only the controller knows, then runs the engine here, or sends the module
there.
"""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ClassVar, cast

from ansible import constants
from ansible.errors import AnsibleError
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

# What Ansible has in memory by now stays there to its end. The collections that importing sets off would walk through all
# of it, for longer than the importing takes.
gc.freeze()

from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.arguments import (
    ENVIRONMENT,
    Specification,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.execute import (
    Operation,
    Unattached,
    connection_secrets,
    execute,
    failure_result,
    internal_error,
    mask_result,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.legible import legible_result
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.options import Parameters, to_entry
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.desired.source import DesiredSet
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import (
    InputError,
    Problem,
    legible,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.reporting.report import Report
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.rest.transport import HAS_REQUESTS
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.run import Event
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.snapshot.cluster import Cluster
from ansible_collections.streamops.kafka_connect.plugins.plugin_utils.desired import plain, resolve
from ansible_collections.streamops.kafka_connect.plugins.plugin_utils.option_checks import validated
from ansible_collections.streamops.kafka_connect.plugins.plugin_utils.parent import ended_with_parent, parent_is_there

COLLECTION = "streamops.kafka_connect"
SECONDS_BETWEEN_LINES = 2.0
LONGEST_START = 10.0
"""Seconds that are taken off a long `timeout` or `async` for a module to be sent and started."""

display = Display()


class KafkaConnectAction(ActionBase):
    """What all action plugins of the collection do; each names only its `specification` and `operation`."""

    TRANSFERS_FILES = False
    _supports_async = True
    _supports_check_mode = True
    _supports_diff = True
    specification: ClassVar[Specification]
    operation: ClassVar[staticmethod[[Cluster, Parameters, bool], Report] | Unattached]

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        # The same for what came since: this process, made for one task, ends with it.
        gc.freeze()
        result: dict[str, Any] = super().run(tmp, task_vars)
        del tmp
        variables = task_vars or {}
        arguments = self._with_environment(dict(self._task.args))
        try:
            # Bad input is told here, in the same words wherever the engine is to run; files are read here as well.
            parameters = validated(self.specification, plain(arguments))
            desired = resolve(parameters, self._find, self._loader._vault.decrypt)
        except InputError as error:
            result.update(legible_result(mask_result(failure_result(error), connection_secrets(arguments))))
            return result
        except RecursionError:
            result.update(
                failure_result(InputError([Problem("an option is nested too deeply: no connector's config is")]))
            )
            return result
        except AnsibleError:
            raise
        except Exception as error:  # noqa: BLE001  # a traceback of Ansible's would show what was being read
            result.update(internal_error(error))
            return result
        if self._runs_here(variables):
            result.update(self._run_here(parameters, desired, variables))
        else:
            result.update(self._run_as_module(parameters, desired, variables))
        if desired is not None and desired.warnings:
            result["warnings"] = [*(legible(problem.text) for problem in desired.warnings), *result.get("warnings", ())]
        return result

    def _find(self, path: str) -> str:
        """A path of `src`, looked for as Ansible looks for the files of a role or play, then from where
        ansible-playbook was started: that is where users of the collection's own playbooks have their files.
        """
        try:
            found: str = cast(Any, self)._find_needle("files", path)
        except AnsibleError:
            if Path(path).exists():
                return str(Path(path).absolute())
            raise InputError(
                [Problem(f'src "{path}" does not exist: give a file or directory of the controller')]
            ) from None
        return found

    def _with_environment(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Connection options that are not given, from the task's `environment:` or else the controller's own."""
        given: dict[str, Any] = {}
        for block in self._task.environment or ():
            if isinstance(block, Mapping):
                given.update(block)
        # One way to authenticate that is given is not mixed with the other one of the environment.
        others = {"token": ("url_username", "url_password"), "url_username": ("token",), "url_password": ("token",)}
        left_out = {other for option, names in others.items() if arguments.get(option) is not None for other in names}
        for option, name in ENVIRONMENT.items():
            if option not in self.specification.arguments:
                continue
            value = given.get(name, os.environ.get(name))
            if arguments.get(option) is None and option not in left_out and value not in (None, ""):
                arguments[option] = value
        return arguments

    def _compute_environment_string(self, raw_environment_out: dict[str, Any] | None = None) -> str:
        """Without the connection options that it may hold: a module is given their values among its arguments. In its
        environment they would be part of a command line, for everybody on the host to see, and of the output at -vvv.
        """
        given: dict[str, Any] = {}
        super()._compute_environment_string(given)
        kept = {name: value for name, value in given.items() if name not in ENVIRONMENT.values()}
        if raw_environment_out is not None:
            raw_environment_out.clear()
            raw_environment_out.update(kept)
        return str(self._connection._shell.env_prefix(**kept))

    def _runs_here(self, variables: Mapping[str, Any]) -> bool:
        """In this process only where nothing asks for another place, user or Python."""
        connection = self._connection
        return bool(
            HAS_REQUESTS
            and connection.transport == "local"
            and connection.become is None
            and not self._task.async_val
            and self._is_this_python(self._interpreter(variables))
        )

    def _interpreter(self, variables: Mapping[str, Any]) -> str:
        if self._task.delegate_to:
            variables = variables.get("ansible_delegated_vars", {}).get(self._task.delegate_to, {})
        configured = constants.config.get_config_value("INTERPRETER_PYTHON", variables=variables)
        return str(self._templar.template(configured) or "auto")

    @staticmethod
    def _is_this_python(interpreter: str) -> bool:
        if interpreter.startswith("auto"):
            return True
        # A virtual environment's python is a link to the real one, but not the same: its folder tells them apart.
        wanted, mine = Path(interpreter), Path(sys.executable)
        return wanted.parent == mine.parent and wanted.exists() and wanted.samefile(mine)

    def _run_here(
        self, parameters: dict[str, Any], desired: DesiredSet | None, variables: Mapping[str, Any]
    ) -> dict[str, Any]:
        return execute(
            self._operation(variables),
            parameters if desired is None else {**parameters, "desired": desired.connectors},
            check_mode=self._task.check_mode,
            diff_mode=self._task.diff,
            report=None if self._task.no_log else self._progress(variables),
            is_wanted=parent_is_there(),
        )

    def _operation(self, variables: Mapping[str, Any]) -> Operation | Unattached:
        """What is to be carried out here."""
        del variables
        return self.operation

    def _run_as_module(
        self, parameters: dict[str, Any], desired: DesiredSet | None, variables: dict[str, Any]
    ) -> dict[str, Any]:
        limited = {**parameters, "run_timeout": self._module_run_timeout(parameters["run_timeout"])}
        arguments = {name: value for name, value in limited.items() if value is not None}
        if desired is not None and "src" in parameters:
            arguments.update(
                connectors=[to_entry(item) for item in desired.connectors], src=[], defaults=[], overrides=[]
            )
        elif desired is not None:
            arguments.update(to_entry(desired.connectors[0]))
        with ended_with_parent():
            result: dict[str, Any] = self._execute_module(
                module_name=f"{COLLECTION}.{self.specification.name}",
                module_args=arguments,
                task_vars=variables,
                wrap_async=self._task.async_val,
            )
        silent = self._task.no_log or not parameters["progress"] or result.get("failed")
        if result.get("changed") and result.get("msg") and not silent:
            elapsed = (result.get("run") or {}).get("elapsed", 0.0)
            self._progress(variables)(Event(elapsed, legible(str(result["msg"])), important=True))
        return result

    def _module_run_timeout(self, wanted: float | None) -> float | None:
        """Seconds that a module may run. Ansible's `timeout` only ends the waiting for a module, which would go on to
        write; the limit of `async` may end its wrapper and not the module, and never lets it say what it did. So it is
        given a limit of its own, shorter by the time that it may take to get there and start.
        """
        limits = [float(limit) for limit in (self._task.timeout, self._task.async_val) if limit]
        if not limits:
            return wanted
        least = min(limits)
        own = max(least - min(max(least / 5, 1.0), LONGEST_START), least / 2)
        return own if wanted is None else min(wanted, own)

    def _progress(self, variables: Mapping[str, Any]) -> Callable[[Event], None]:
        """Shows one line for each event that a person cares about, at most one in some seconds but for the important
        ones.
        """
        host = self._task.delegate_to or variables.get("inventory_hostname", "localhost")
        shown = [time.monotonic() - SECONDS_BETWEEN_LINES]

        def show(event: Event) -> None:
            now = time.monotonic()
            if event.important or now - shown[0] >= SECONDS_BETWEEN_LINES:
                shown[0] = now
                display.display(f"{legible(str(host))} | {event.seconds:>5.1f} s | {event.text}")

        return show

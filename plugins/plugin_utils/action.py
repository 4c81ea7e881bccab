# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The controller side: resolves what only the controller knows, then runs the engine here or sends the module to the
host.
"""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, ClassVar, cast

from ansible import constants
from ansible.errors import AnsibleError
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

# The objects that Ansible has in memory now stay until it ends. The garbage collections that importing triggers would
# traverse all of them, which takes longer than the import.
gc.freeze()

from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.arguments import (
    ENVIRONMENT,
    Specification,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.desired_options import to_entry
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.execute import (
    connection_secrets,
    execute,
    failure_result,
    internal_error,
    mask_result,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.invocation import Invocation, Operation
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.legible import legible_result
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.desired.source import DesiredSet
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import (
    InputError,
    Problem,
    legible,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.reporting.report import Report
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.rest.transport import HAS_REQUESTS
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.run import Event
from ansible_collections.streamops.kafka_connect.plugins.plugin_utils.desired import plain, resolve
from ansible_collections.streamops.kafka_connect.plugins.plugin_utils.environment import with_environment
from ansible_collections.streamops.kafka_connect.plugins.plugin_utils.option_checks import validated
from ansible_collections.streamops.kafka_connect.plugins.plugin_utils.parent import ended_with_parent, parent_exists
from ansible_collections.streamops.kafka_connect.plugins.plugin_utils.progress import ProgressLines

COLLECTION = "streamops.kafka_connect"
SECONDS_BETWEEN_LINES = 2.0
LONGEST_START = 10.0
"""Seconds subtracted from a long `timeout` or `async`, for sending and starting a module."""

display = Display()


class KafkaConnectAction(ActionBase):
    """The common part of the collection's action plugins; each sets only its `specification` and `operation`."""

    TRANSFERS_FILES = False
    _supports_async = True
    _supports_check_mode = True
    _supports_diff = True
    specification: ClassVar[Specification]
    operation: ClassVar[staticmethod[[Invocation], Report]]

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        # The same for the objects created since: this process serves one task, and ends with it.
        gc.freeze()
        result: dict[str, Any] = super().run(tmp, task_vars)
        del tmp
        variables = task_vars or {}
        arguments = self._with_environment(dict(self._task.args))
        try:
            # Invalid input is reported here, in the same words wherever the engine runs; files are read here, too.
            parameters = validated(self.specification, plain(arguments))
            desired = resolve(parameters, self._find, self._loader._vault.decrypt)
        except InputError as error:
            result.update(legible_result(mask_result(failure_result(error), connection_secrets(arguments))))
            return result
        except RecursionError:
            result.update(
                failure_result(InputError([Problem("an option is nested too deeply: a connector's config is flat")]))
            )
            return result
        except AnsibleError:
            raise
        except Exception as error:  # noqa: BLE001  # a traceback printed by Ansible would show the data being read
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
        """Find a path of `src` as Ansible finds the files of a role or play, then relative to the working directory.

        Users of the collection's playbooks have their files there.
        """
        try:
            found: str = cast(Any, self)._find_needle("files", path)
        except AnsibleError:
            if Path(path).exists():
                return str(Path(path).absolute())
            raise InputError(
                [Problem(f'src "{path}" does not exist: give a file or directory on the controller')]
            ) from None
        return found

    def _with_environment(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Fill in missing connection options from the task's `environment:`, or else from the controller's environment."""
        given: dict[str, Any] = {}
        for block in self._task.environment or ():
            if isinstance(block, Mapping):
                given.update(block)
        return with_environment(self.specification, arguments, {**os.environ, **given})

    def _compute_environment_string(self, raw_environment_out: dict[str, Any] | None = None) -> str:
        """Leave out the connection options: a module receives their values among its arguments.

        In its environment they would be part of a command line, visible to every user of the host, and of the output at
        -vvv.
        """
        given: dict[str, Any] = {}
        super()._compute_environment_string(given)
        kept = {name: value for name, value in given.items() if name not in ENVIRONMENT.values()}
        if raw_environment_out is not None:
            raw_environment_out.clear()
            raw_environment_out.update(kept)
        return str(self._connection._shell.env_prefix(**kept))

    def _runs_here(self, variables: Mapping[str, Any]) -> bool:
        """Whether to run in this process: only if the task requests no other place, user or Python."""
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
        # The python of a virtual environment is a link to the real one, but not the same: its folder distinguishes
        # them.
        configured, current = Path(interpreter), Path(sys.executable)
        return configured.parent == current.parent and configured.exists() and configured.samefile(current)

    def _run_here(
        self, parameters: dict[str, Any], desired: DesiredSet | None, variables: Mapping[str, Any]
    ) -> dict[str, Any]:
        return execute(
            self._operation(variables),
            parameters,
            check_mode=self._task.check_mode,
            diff_mode=self._task.diff,
            desired=desired.connectors if desired is not None else None,
            report=None if self._task.no_log else self._progress(variables),
            is_wanted=parent_exists(),
        )

    def _operation(self, variables: Mapping[str, Any]) -> Operation:
        """Return the operation to run here."""
        del variables
        return self.operation

    def _run_as_module(
        self, parameters: dict[str, Any], desired: DesiredSet | None, variables: dict[str, Any]
    ) -> dict[str, Any]:
        arguments = {name: value for name, value in parameters.items() if value is not None}
        limit = self._module_run_timeout(parameters.get("run_timeout"))
        if limit is not None and "run_timeout" in self.specification.arguments:
            arguments["run_timeout"] = limit
        if desired is not None and "src" in parameters:
            arguments.update(
                connectors=[to_entry(item) for item in desired.connectors], src=[], defaults=[], overrides=[]
            )
        elif desired is not None:
            arguments.update(to_entry(desired.connectors[0]))
        host = self._task.delegate_to or variables.get("inventory_hostname", "localhost")
        shows = parameters.get("progress") and not self._task.no_log and not self._task.async_val
        lines: AbstractContextManager[object] = nullcontext()
        if shows:
            lines = ProgressLines(str(host), f"{self.specification.name} is running on the host")
        with ended_with_parent(), lines:
            result: dict[str, Any] = self._execute_module(
                module_name=f"{COLLECTION}.{self.specification.name}",
                module_args=arguments,
                task_vars=variables,
                wrap_async=self._task.async_val,
            )
        silent = self._task.no_log or not parameters.get("progress") or result.get("failed")
        if result.get("changed") and result.get("msg") and not silent:
            elapsed = (result.get("run") or {}).get("elapsed", 0.0)
            self._progress(variables)(Event(elapsed, legible(str(result["msg"])), important=True))
        return result

    def _module_run_timeout(self, requested: float | None) -> float | None:
        """Return the seconds that a module may run: a limit of its own, earlier than those of Ansible.

        Ansible's `timeout` only stops waiting for a module, which would continue to write. The limit of `async` may end
        the wrapper but not the module, and then the module cannot report what it did. The difference is the time that
        the module may need to be sent and to start.
        """
        limits = [float(limit) for limit in (self._task.timeout, self._task.async_val) if limit]
        if not limits:
            return requested
        least = min(limits)
        own = max(least - min(max(least / 5, 1.0), LONGEST_START), least / 2)
        return own if requested is None else min(requested, own)

    def _progress(self, variables: Mapping[str, Any]) -> Callable[[Event], None]:
        """Show one line for each event that matters to a person, at most one every few seconds, except for important
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

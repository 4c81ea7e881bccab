# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs another module or action plugin as Ansible would, and shows that it is still running."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from typing import Any, cast

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase

from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.execute import failure_result
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.with_progress import (
    WITH_PROGRESS,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import InputError, Problem
from ansible_collections.streamops.kafka_connect.plugins.plugin_utils.option_checks import validated
from ansible_collections.streamops.kafka_connect.plugins.plugin_utils.progress import ProgressLines

FREE_FORM = frozenset({"command", "shell"})


class ProgressAction(ActionBase):
    """Returns the result of the other module, or raises what that raises. Its connection and `become` are those of the task."""

    TRANSFERS_FILES = False
    _supports_async = False
    _supports_check_mode = True
    _supports_diff = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        super().run(tmp, task_vars)
        del tmp
        variables = task_vars or {}
        given = dict(self._task.args)
        # Values of the other module reach it as they are, marks of Ansible's (trusted, vault) included.
        arguments = given.pop("arguments", None) or {}
        try:
            options = validated(WITH_PROGRESS, given)
            if not isinstance(arguments, Mapping):
                raise InputError([Problem("arguments is not a mapping -> give the options of the module as a mapping")])
            until = [(condition["field"], _pattern(condition["matches"])) for condition in options["until"]]
        except InputError as error:
            return failure_result(error)
        module = str(options["module"])
        text = options["text"] or f"{module} is running"
        if self._task.no_log:
            # The text of a task may contain what it must not log. Ansible shows its name anyway.
            text = str(self._task.get_name())
        host = str(self._task.delegate_to or variables.get("inventory_hostname", "localhost"))
        with ProgressLines(host, text):
            return self._run_until(module, arguments, variables, until, options)

    def _run_until(
        self,
        module: str,
        arguments: Mapping[str, Any],
        variables: dict[str, Any],
        until: list[tuple[str, re.Pattern[str]]],
        options: Mapping[str, Any],
    ) -> dict[str, Any]:
        ends = time.monotonic() + options["wait_timeout"]
        attempts = 0
        while True:
            attempts += 1
            result = self._run_other(module, dict(arguments), variables)
            if not until or result.get("skipped"):
                return result
            matched = any(pattern.search(_text_of(result, field)) for field, pattern in until)
            if matched or time.monotonic() + options["pause"] >= ends:
                fails = {} if matched else {"failed": True}
                return {**result, **fails, "attempts": attempts, "matched": matched}
            time.sleep(options["pause"])

    def _run_other(self, module: str, arguments: dict[str, Any], variables: dict[str, Any]) -> dict[str, Any]:
        loaders = self._shared_loader_obj
        found = loaders.module_loader.find_plugin_with_context(module, collection_list=self._task.collections)
        if found.resolved and found.action_plugin:
            handler = found.action_plugin
        elif loaders.action_loader.has_plugin(module, collection_list=self._task.collections):
            handler = module
        elif found.resolved:
            handler = "ansible.legacy.normal"
        else:
            raise AnsibleActionFail(f"module: {module} was not found -> give the full name of an installed module")
        task = self._task.copy()
        task.action = module
        if module.rpartition(".")[2] in FREE_FORM and "cmd" in arguments:
            # Ansible does this when it reads a playbook; before 2.19, these modules do not know `cmd`.
            arguments["_raw_params"] = arguments.pop("cmd")
        task.args = {**self._defaults_of(found.resolved_fqcn or module), **arguments}
        action = loaders.action_loader.get(
            handler,
            task=task,
            connection=self._connection,
            play_context=self._play_context,
            loader=self._loader,
            templar=self._templar,
            shared_loader_obj=loaders,
            collection_list=self._task.collections,
        )
        result: dict[str, Any] = action.run(task_vars=variables)
        return result

    def _defaults_of(self, module: str) -> dict[str, Any]:
        """Return the options of the module in `module_defaults`, as Ansible applies them. The function of Ansible that does this has
        another name in each release.
        """
        given: dict[str, Any] = {}
        for block in self._task.module_defaults or ():
            given.update(block)
        groups = cast(Any, self._task)._parent._play._action_groups.get(module, ())
        names = [name for name in given if name.startswith("group/") and name.removeprefix("group/") in groups]
        defaults: dict[str, Any] = {}
        for name in [*names, module]:
            defaults.update(self._templar.template(given.get(name) or {}))
        return defaults


def _text_of(result: Mapping[str, Any], field: str) -> str:
    """The value of a field as text, "" if there is none. Dots separate the names of nested fields."""
    value: Any = result
    for name in field.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return "" if value is None else str(value)


def _pattern(text: str) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except re.error as error:
        raise InputError([Problem(f'until: "{text}" is not a regular expression: {error} -> correct it')]) from None

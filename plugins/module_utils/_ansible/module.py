# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module side: runs an operation on the host to which Ansible has sent the module."""

from __future__ import annotations

import gc
import select
import sys
from typing import Any, cast

from ansible.module_utils.basic import AnsibleModule

# What importing creates stays until the module ends, as what Ansible has in memory does: garbage collection can skip it.
gc.disable()

from .arguments import Specification
from .execute import execute
from .invocation import Operation

gc.freeze()
gc.enable()


class QuietModule(AnsibleModule):
    """An AnsibleModule that keeps connector configs out of the host's journal and out of `invocation`."""

    def _log_invocation(self) -> None:
        """Log the names of the given options without their values: a config may contain secrets that no argument spec
        can name.
        """
        given = sorted(name for name, value in self.params.items() if value not in (None, [], {}))
        cast(Any, self).log(f"Invoked with {', '.join(given)}")

    def add_path_info(self, kwargs: dict[str, Any]) -> dict[str, Any]:
        """Leave a result with `dest` unchanged, so that it does not depend on where the engine ran."""
        return kwargs


def run_module(specification: Specification, operation: Operation) -> None:
    """The main() of a module."""
    module = cast(Any, QuietModule)(
        argument_spec=specification.arguments, supports_check_mode=True, **specification.checks
    )
    result = execute(
        operation,
        module.params,
        check_mode=module.check_mode,
        diff_mode=module._diff,
        is_wanted=lambda: is_read(sys.stdout.fileno()),
    )
    result["invocation"] = {"module_args": {}}
    for text in result.pop("warnings", ()):
        cast(Any, module).warn(text)
    finish = module.fail_json if result.get("failed") else module.exit_json
    # This process ends now: Python need not search all that it holds for cycles first.
    gc.freeze()
    cast(Any, finish)(**result)


def is_read(descriptor: int) -> bool:
    """Whether the other end of this pipe, socket or terminal is still open.

    On a managed host the SSH server holds that end, as long as the session from the controller lasts.
    """
    watched = select.poll()
    watched.register(descriptor, 0)
    return not any(events & (select.POLLERR | select.POLLHUP) for _descriptor, events in watched.poll(0))

# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module side: runs an operation on the host to which Ansible has sent the module."""

from __future__ import annotations

import gc
import select
import sys
from typing import Any, cast

# What importing creates stays until the module ends, as what Ansible has in memory does: garbage collection can skip it.
gc.disable()

from .arguments import Specification
from .execute import execute
from .invocation import Operation
from .quiet_module import QuietModule

gc.freeze()
gc.enable()


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

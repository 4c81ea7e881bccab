# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The main() of modules that need the managed host alone: neither a cluster nor a newer Python than 3.7."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import Any, cast

from .._connect.errors import one_line
from .._connect.host.programs import HostError
from .arguments import Specification
from .legible import legible_result
from .quiet_module import QuietModule


def run_on_host(specification: Specification, work: Callable[[Any], dict[str, Any]]) -> None:
    """Run a module; `work` gets the AnsibleModule and returns the result. Each failure is one line."""
    module = cast(Any, QuietModule)(
        argument_spec=specification.arguments, supports_check_mode=True, **specification.checks
    )
    hidden: dict[str, Any] = {"invocation": {"module_args": {}}}
    try:
        result = work(module)
    except HostError as error:
        module.fail_json(msg=one_line(str(error)), **hidden)
    except Exception as error:  # noqa: BLE001  # the outermost layer: a traceback would show the data being read
        frame = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}"
        module.fail_json(msg=f"internal error, please report it: {type(error).__name__} at {place}", **hidden)
    else:
        module.exit_json(**legible_result(result), **hidden)

# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Attributes and notes that apply to all modules, to modules that change connectors, and to modules that only read."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
attributes:
  check_mode:
    description: Can run in check_mode and return changed status prediction without modifying target.
    support: full
  action:
    description: Indicates this has a corresponding action plugin so some parts of the options can be executed on the controller.
    support: full
    details:
      - The task runs inside C(ansible-playbook), without starting another Python, if the connection is local and nothing
        requires another host, user or Python. That means no C(become), no C(async), no other C(ansible_python_interpreter),
        and the Python library C(requests) is available there.
      - Otherwise it runs as a module on the host of the task, for example the jump host of a C(delegate_to). Both ways return
        the same result.
  async:
    description: Supports being used with the C(async) keyword.
    support: full
    details:
      - The task then runs as a module, without progress lines. It ends by itself before the limit of C(async), so that it can
        return what it has done.
  platform:
    description: Target OS/families that can be operated against.
    support: full
    platforms: posix
  action_group:
    description: >-
      Use C(group/streamops.kafka_connect.kafka_connect) in C(module_defaults) to set options of all modules at once.
    support: full
    membership:
      - streamops.kafka_connect.kafka_connect
notes:
  - Options that come from environment variables are resolved on the controller. The C(environment) of the task takes precedence
    over the environment of C(ansible-playbook). Paths are paths on the machine where the task runs.
  - All modules use the same syntax for patterns. A glob such as V(orders-*) must match the whole name. A regular expression
    starts with a tilde, as in V(~orders-[0-9]+$), and must match the beginning of the name. Matching is case-sensitive.
  - Control characters, and characters that change the direction of writing, appear as escapes such as C(\x1b) in diffs,
    messages, warnings and progress lines. Fields that programs read, such as the name of a connector, contain the value
    that Kafka Connect stores.
  - Secrets are masked in results, diffs, messages and progress lines. A key is secret if the plugin declares it as a
    password or if its name indicates a secret. Passwords in URLs and JAAS texts are secret too. References to config
    providers, such as V(${file:/etc/kafka/db:password}), are shown, because they reveal nothing.
  - Values that contain C({{) or C({%) for Connect, not for Ansible, need the tag C(!unsafe) in a playbook. Files that a
    module reads itself are not templated.
  - The keyword C(timeout) ends a task, and nothing is written after it. So does the limit of C(async). A module on another
    host, or with another Python, ends by itself a fifth of that time earlier, but at most ten seconds, because it takes time to
    start.
  - For C(localhost) in a virtual environment, set C(ansible_python_interpreter) to V({{ ansible_playbook_python }}),
    or leave it out.
"""

    CHANGES = r"""
attributes:
  diff_mode:
    description: Will return details on what has changed (or possibly needs changing in check mode), when in diff mode.
    support: full
    details:
      - There is one entry for each connector that changes, with a sorted line for each key that changes. A changed secret
        appears as changed, without its value.
  idempotent:
    description: When run twice in a row outside check mode, the second invocation indicates that nothing changed.
    support: full
notes:
  - If nothing differs, the module writes nothing, and reads a cluster of any size with a single request.
  - Creating, deleting, starting or stopping connectors, and changing their number of tasks, makes the cluster rebalance. The
    module does not treat responses that mean C(try again later) as errors. It retries for O(conflict_timeout).
  - If the outcome of a write is unknown because the connection broke or the worker took too long, the module re-reads the
    current state before it sends the write again. It never sends a restart twice.
  - Kafka Connect has no permissions of its own. Anyone who can use its REST API can do everything. If a proxy limits users to
    C(GET), check mode still works for them. The module then skips the validation, with a warning.
"""

    INFO = r"""
attributes:
  diff_mode:
    description: Will return details on what has changed (or possibly needs changing in check mode), when in diff mode.
    support: N/A
    details:
      - The module changes nothing.
  idempotent:
    description: When run twice in a row outside check mode, the second invocation indicates that nothing changed.
    support: full
    details:
      - The module changes nothing.
"""

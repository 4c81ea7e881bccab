# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Ansible's features mean for the modules, and what is to be known of all of them."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
attributes:
  check_mode:
    description: Can run in check mode and tell what it would change, without changing anything.
    support: full
  action:
    description: Has an action plugin of the same name, so that the task can run on the controller.
    support: full
    details:
      - The task runs inside C(ansible-playbook), with no Python of its own to start, when the connection is local and
        nothing asks for another place, user or Python. That means no C(become), no C(async), no other
        C(ansible_python_interpreter), and the Python library C(requests) can be imported there.
      - Else it runs as a module on the host of the task, for example the jump host of a C(delegate_to). Both ways
        give the same result.
  async:
    description: Supports the C(async) keyword.
    support: full
    details:
      - The task then runs as a module, without progress lines. It ends by itself before the limit of C(async), so that
        it can tell what it has done.
  platform:
    description: Where the module can run.
    support: full
    platforms: posix
  action_group:
    description: >-
      With C(group/streamops.kafka_connect.kafka_connect) in C(module_defaults), options of all modules are set once.
    support: full
    membership:
      - streamops.kafka_connect.kafka_connect
notes:
  - Options that come from environment variables are resolved on the controller. The C(environment) of the task counts
    before the environment of C(ansible-playbook) itself. Paths are those of the machine where the task runs.
  - Patterns have one grammar in all modules. A glob such as V(orders-*) must fit the whole name. A regular expression
    comes after a tilde, as in V(~orders-[0-9]+$), and must fit the beginning of the name. Case counts.
  - Control characters, and those that change the direction of writing, are shown as escapes such as C(\x1b) in
    diffs, messages, warnings and progress lines. Fields for programs, such as the name of a connector, hold what Kafka
    Connect has.
  - Secrets are masked in results, diffs, messages and progress lines. Keys are secret when the
    plugin declares them as passwords, or when their name says so. So are passwords inside of
    URLs and JAAS texts. References to config providers, such as V(${file:/etc/kafka/db:password}),
    are shown, since they tell nothing.
  - Values that hold C({{) or C({%) for Connect, not for Ansible, need the tag C(!unsafe) in a playbook. Files that a
    module reads itself are not templated.
  - The keyword C(timeout) ends a task, and nothing is written after it. So does the limit of C(async). A module on another
    host, or with another Python, ends by itself a fifth of that time earlier, but no more than ten seconds, since it takes
    time to start.
  - For C(localhost) in a virtual environment, set C(ansible_python_interpreter) to V({{ ansible_playbook_python }}),
    or leave it out.
"""

    CHANGES = r"""
attributes:
  diff_mode:
    description: Shows what changes.
    support: full
    details:
      - There is one entry for each connector that changes, with a sorted line for each key that changes. A changed
        secret is shown as changed, without its value.
  idempotent:
    description: When run twice in a row, the second run changes nothing.
    support: full
notes:
  - When nothing differs, nothing is written, and a cluster of any size is looked at with a single request.
  - Creating, deleting, starting or stopping connectors, and changes of their number of tasks, make the cluster
    rebalance. Answers that mean C(try again later) are not errors. They are ridden out for O(conflict_timeout).
  - A write whose outcome is unknown, since the connection broke or the worker took too long, is looked up before it
    is sent again. A restart is never sent twice.
  - Kafka Connect has no permissions of its own. Whoever may use its REST API may do everything. If a proxy limits
    users to C(GET), check mode still works for them. Validation is then skipped, with a warning.
"""

    INFO = r"""
attributes:
  diff_mode:
    description: Shows what changes.
    support: N/A
    details:
      - Nothing is changed.
  idempotent:
    description: When run twice in a row, the second run changes nothing.
    support: full
    details:
      - Nothing is changed.
"""

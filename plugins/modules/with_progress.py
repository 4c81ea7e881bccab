# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: with_progress
short_description: Run another module, and show that it is still running
version_added: 0.2.0
author:
  - streamops.kafka_connect contributors (@streamops)
description:
  - Ansible shows nothing while a module runs. This module runs another module or action plugin in the same way, with the same
    result, and shows a progress line every ten seconds until that has ended.
  - With O(until), it runs the other module again and again until its result matches.
options:
  module:
    description: Full name of the module or action plugin to run, such as V(ansible.builtin.apt).
    type: str
    required: true
  arguments:
    description:
      - Options of O(module). C(module_defaults) of that module apply, too.
    type: dict
    default: {}
  text:
    description:
      - What the progress lines say, in the form V(installing openjdk-17-jre-headless). By default, the name of O(module).
      - With C(no_log), progress lines show the name of the task instead.
    type: str
  until:
    description:
      - Conditions of which one must apply before the task ends. By default, O(module) runs once.
      - If none applies within O(wait_timeout), the task fails with the last result.
    type: list
    elements: dict
    default: []
    suboptions:
      field:
        description: Field of the result of O(module). A dot separates the names of nested fields, as in V(error.kind).
        type: str
        required: true
      matches:
        description: Python regular expression that is searched in the value of O(until[].field).
        type: str
        required: true
  wait_timeout:
    description: With O(until), seconds after which O(module) is not run again.
    type: float
    default: 60
  pause:
    description: With O(until), seconds between the end of a run of O(module) and the next one.
    type: float
    default: 5
attributes:
  check_mode:
    description: Can run in check_mode and return changed status prediction without modifying target.
    support: partial
    details:
      - As O(module) does.
  diff_mode:
    description: Will return details on what has changed (or possibly needs changing in check mode), when in diff mode.
    support: partial
    details:
      - As O(module) does.
  action:
    description: Indicates this has a corresponding action plugin so some parts of the options can be executed on the controller.
    support: full
    details:
      - The module only has an action plugin. It runs O(module) with the connection, the C(become) options and the
        C(environment) of the task.
  async:
    description: Supports being used with the C(async) keyword.
    support: none
notes:
  - The module is not part of the action group, because its options are not those of a connection to Kafka Connect.
"""

EXAMPLES = r"""
- name: Restore the archive of an old cluster
  streamops.kafka_connect.with_progress:
    text: restoring the archive
    module: ansible.builtin.command
    arguments:
      argv: [tar, --extract, --file, /var/backups/old-cluster.tar]
      chdir: /tmp

- name: Wait until the agent of the worker responds
  streamops.kafka_connect.with_progress:
    text: waiting for the agent
    module: ansible.builtin.uri
    arguments:
      url: http://127.0.0.1:9404/metrics
      return_content: true
    until:
      - field: content
        matches: kafka_connect_worker_task_count
    wait_timeout: 60
"""

RETURN = r"""
msg:
  description: As O(module) returns it, as are all other fields of the result.
  type: str
  returned: when O(module) returns it, and on failure
  sample: >-
    module: ansible.builtin.atp was not found -> give the full name of an installed module
attempts:
  description: How often O(module) was run.
  type: int
  returned: with O(until)
  sample: 3
matched:
  description: Whether a condition of O(until) applies.
  type: bool
  returned: with O(until)
  sample: true
"""

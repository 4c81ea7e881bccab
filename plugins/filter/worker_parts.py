# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: worker_parts
short_description: Determine which parts of role worker have something to do on a host
version_added: 0.2.0
author:
  - streamops.kafka_connect contributors (@streamops)
description:
  - Compares the result of M(streamops.kafka_connect.worker_host_info) with the desired state, and returns the task files of role
    P(streamops.kafka_connect.worker#role) to include. On a host in the desired state, only the health check is left.
  - Also returns problems that would make the role fail later, such as too little free space, and a port that is in use.
positional: wanted, run_tags, skip_tags
options:
  _input:
    description: The result of M(streamops.kafka_connect.worker_host_info).
    type: dict
    required: true
  wanted:
    description: The desired state, as the role describes it in its internal variables.
    type: dict
    required: true
  run_tags:
    description: The tags of C(--tags), C(ansible_run_tags).
    type: list
    elements: str
    default: []
  skip_tags:
    description: The tags of C(--skip-tags), C(ansible_skip_tags).
    type: list
    elements: str
    default: []
seealso:
  - module: streamops.kafka_connect.worker_host_info
"""

EXAMPLES = r"""
# As the role does
- name: Include the parts that have something to do
  ansible.builtin.include_tasks:
    file: "{{ part }}.yml"
  loop: "{{ (host | streamops.kafka_connect.worker_parts(wanted, ansible_run_tags, ansible_skip_tags)).parts }}"
  loop_control:
    loop_var: part
"""

RETURN = r"""
_value:
  description: What the role must do.
  type: dict
  contains:
    parts:
      description: Names of task files, in the order in which they run.
      type: list
      elements: str
    reasons:
      description: What is not in the desired state, by part.
      type: dict
    problems:
      description: What no part can solve, one line each.
      type: list
      elements: str
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from ansible_collections.streamops.kafka_connect.plugins.plugin_utils.desired import plain
from ansible_collections.streamops.kafka_connect.plugins.plugin_utils.worker_parts import worker_parts


def _worker_parts(found: Any, wanted: Any, run_tags: Any = (), skip_tags: Any = ()) -> dict[str, Any]:
    desired = plain(wanted)
    archive = Path(desired["archive_file"]) if desired.get("archive_file") else None
    desired["archive_bytes"] = archive.stat().st_size if archive and archive.is_file() else 0
    return worker_parts(plain(found), desired, plain(list(run_tags)), plain(list(skip_tags)))


class FilterModule:
    """Entry point for Ansible."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"worker_parts": _worker_parts}

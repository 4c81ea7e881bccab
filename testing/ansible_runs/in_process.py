# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Action plugins as Ansible's task executor creates them, without ansible-playbook."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar

ACTIONS = "ansible_collections.streamops.kafka_connect.plugins.action"


def make_action(
    module: str,
    arguments: Mapping[str, Any],
    *,
    transport: str = "local",
    become: object = None,
    search: str = "/nowhere",
    **task: Any,
) -> Any:
    """The action of a module of the collection, with a connection of this kind; `task` are attributes of its task."""
    attributes = {
        "args": dict(arguments),
        "environment": [],
        "async_val": 0,
        "timeout": 0,
        "check_mode": False,
        "diff": False,
        "no_log": False,
        "delegate_to": None,
        "action": f"streamops.kafka_connect.{module}",
        "get_search_path": lambda: [search],
        **task,
    }
    loader = DataLoader()
    return importlib.import_module(f"{ACTIONS}.{module}").ActionModule(
        task=SimpleNamespace(**attributes),
        connection=SimpleNamespace(transport=transport, become=become, _shell=SimpleNamespace(tmpdir="/nowhere")),
        play_context=SimpleNamespace(),
        loader=loader,
        templar=Templar(loader),
        shared_loader_obj=None,
    )

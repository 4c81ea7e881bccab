# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A copy of the collection in which modules and another role have stand-ins, so that tests of the role rolling can cause failures."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from testing.sandbox.environment import CHECKOUT

_INTERVALS: Mapping[str, tuple[str, ...]] = {
    "plugin_utils/progress.py": ("SECONDS_BETWEEN_LINES",),
    "plugin_utils/action.py": ("SECONDS_BETWEEN_LINES",),
    "module_utils/_connect/run.py": ("FIRST_LINE", "SILENCE", "LONGEST_SILENCE"),
}
"""The seconds between two progress lines, as constants of the collection."""

_WITHOUT_BYTECODE = shutil.ignore_patterns("__pycache__")


def collection_with_stand_ins(root: Path, actions: Mapping[str, str], worker_tasks: Mapping[str, Any]) -> Path:
    """Write it below `root`, a folder for ANSIBLE_COLLECTIONS_PATH, and return its folder.

    Playbooks, the roles heal and rolling, and the filters are the real ones. `actions`: the source of each action plugin, by the name of its
    module; `worker_tasks`: the tasks of the role worker, by the name of their file.
    """
    collection = root / "ansible_collections" / "streamops" / "kafka_connect"
    for folder in ("playbooks", "roles/heal", "roles/rolling", "meta"):
        shutil.copytree(CHECKOUT / folder, collection / folder)
    shutil.copy(CHECKOUT / "galaxy.yml", collection)
    for folder in ("filter", "plugin_utils", "module_utils"):
        shutil.copytree(CHECKOUT / "plugins" / folder, collection / "plugins" / folder, ignore=_WITHOUT_BYTECODE)
    for kind in ("action", "modules"):
        (collection / "plugins" / kind).mkdir(parents=True)
    for name, source in actions.items():
        (collection / "plugins" / "action" / f"{name}.py").write_text(source, encoding="utf-8")
        (collection / "plugins" / "modules" / f"{name}.py").write_text("", encoding="utf-8")
    tasks = collection / "roles" / "worker" / "tasks"
    tasks.mkdir(parents=True)
    for name, content in worker_tasks.items():
        (tasks / f"{name}.yml").write_text(json.dumps(content), encoding="utf-8")
    return collection


def collection_with_intervals(root: Path, factor: float) -> Path:
    """Write a copy of the whole collection below `root`, with all intervals of progress lines multiplied by `factor`."""
    collection = root / "ansible_collections" / "streamops" / "kafka_connect"
    for folder in ("playbooks", "roles", "meta", "plugins"):
        shutil.copytree(CHECKOUT / folder, collection / folder, ignore=_WITHOUT_BYTECODE)
    shutil.copy(CHECKOUT / "galaxy.yml", collection)
    for file, names in _INTERVALS.items():
        path = collection / "plugins" / file
        text = path.read_text(encoding="utf-8")
        for name in names:
            text, found = re.subn(
                rf"^{name} = ([\d.]+)$", lambda match: f"{match[0]} * {factor}", text, flags=re.MULTILINE
            )
            assert found == 1, name
        path.write_text(text, encoding="utf-8")
    return collection

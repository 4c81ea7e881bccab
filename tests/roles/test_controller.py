# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""If a user's play has `become`, it is meant for the hosts: the controller may not have sudo."""

from __future__ import annotations

import re

from testing.sandbox.environment import CHECKOUT


def test_roles_run_tasks_on_the_controller_as_the_current_user() -> None:
    tasks = "\n".join(file.read_text(encoding="utf-8") for file in sorted(CHECKOUT.glob("roles/*/tasks/*.yml")))
    assert "delegate_to: localhost" in tasks
    assert not re.findall(r"^( *)delegate_to: localhost\n(?!\1become: false$).*", tasks, flags=re.MULTILINE)

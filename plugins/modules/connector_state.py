# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: connector_state
short_description: Run, pause, stop or restart Kafka Connect connectors
version_added: 0.1.0
author:
  - streamops.kafka_connect contributors (@streamops)
description:
  - Run, pause, stop or restart Kafka Connect connectors.
"""

EXAMPLES = r""""""

RETURN = r""""""

from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.arguments import CONNECTOR_STATE
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.module import run_module


def main() -> None:
    run_module(CONNECTOR_STATE)


if __name__ == "__main__":
    main()

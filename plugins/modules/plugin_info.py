# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: plugin_info
short_description: Look at the plugins of a Kafka Connect cluster
version_added: 0.1.0
author:
  - streamops.kafka_connect contributors (@streamops)
description:
  - Look at the plugins of a Kafka Connect cluster.
"""

EXAMPLES = r""""""

RETURN = r""""""

from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.arguments import PLUGIN_INFO
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.module import run_module


def main() -> None:
    run_module(PLUGIN_INFO)


if __name__ == "__main__":
    main()

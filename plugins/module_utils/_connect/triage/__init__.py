# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What failed, whether a restart can help, and what to do: from the stack traces that Connect keeps.

The table of causes, from the most specific family to the most general:

- `kafka.py`: brokers, topics, groups, producers
- `converters.py`: formats of records, schema registries
- `transforms.py`: single message transforms and predicates
- `change_logs.py`: logs of databases that source connectors read, and their schema history
- `databases.py`: tables, constraints, locks, logins
- `documents.py`: document stores
- `search.py`: search indexes
- `objects.py`: object stores
- `warehouses.py`: warehouses and column stores
- `worker.py`: the JVM, plugins, configurations, files
- `network.py`: connections, time limits, TLS, logins; for every system, after all others

Imports only the files of the root.
"""

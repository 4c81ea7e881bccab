# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The workers' group as the brokers know it, and topics. Only `brokers.py`, `consumer_groups.py`, `topic_reader.py` and `topic_writer.py`
use a Kafka client.

Imports `rest` and `snapshot`, and the files of the root.
"""

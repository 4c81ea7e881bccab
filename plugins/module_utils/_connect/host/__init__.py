# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a worker's host has, read on the host itself: service, Java, user, files, and whether they are in the desired state.

Needs only Python 3.7 and its standard library, because the managed host may have nothing else. No secret is ever part of a
result: desired and current values are compared here, on the host. Imports nothing but files at the root of the engine.
"""

# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures for all tests: the collection under its import path, and a real cluster on request."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from testing.sandbox import QUICK_REBALANCES, Sandbox, SandboxError
from testing.sandbox.environment import collections_path
from testing.tooling import foreign_locale
from testing.tooling.shared_sandbox import DEFAULT_KAFKA, shared_name

# Tests import the collection as Ansible does, `ansible_collections.streamops.kafka_connect...`, from this path.
sys.path.insert(0, str(collections_path()))
# ansible-playbook and what it starts must find the same, and the programs of this Python's environment.
os.environ["ANSIBLE_COLLECTIONS_PATH"] = str(collections_path())
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])

# In a foreign locale, so that what rests on the system's English fails; Ansible sets the locale just so.
if os.environ.get(foreign_locale.VARIABLE):
    foreign_locale.enter(os.environ[foreign_locale.VARIABLE])

# A process that ends a run (`timeout`, a CI) also ends its cluster: pytest cleans up only after an interrupt.
signal.signal(signal.SIGTERM, signal.default_int_handler)

# No deadline for one example: two busy cores say nothing of the code.
# What lets a change in tries the same examples each time, so that it fails for that change alone. The deep runs draw new ones.
settings.register_profile("default", deadline=None, derandomize=True)
# For a second run of the same examples, on another ansible-core or in another locale.
settings.register_profile("brief", deadline=None, derandomize=True, max_examples=25)
settings.register_profile("deep", deadline=None, max_examples=3000, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """A real Kafka broker and three real Connect workers, shared by all tests of the session.

    With ``STREAMOPS_SANDBOX`` it is the sandbox of that name, started if it isn't up, and left running: it serves
    several sessions. Without, it lives as long as this session. ``STREAMOPS_KAFKA`` chooses the line (4.3, 3.9).
    Tests name what they create after themselves and remove it; one that ends a worker starts it again.
    """
    kafka = os.environ.get("STREAMOPS_KAFKA", DEFAULT_KAFKA)
    shared = os.environ.get("STREAMOPS_SANDBOX")
    if shared is None:
        with Sandbox.running(kafka=kafka, properties=QUICK_REBALANCES) as own:
            yield own
        return
    name = shared_name(shared, kafka)
    try:
        yield Sandbox.attach(name)
    except SandboxError:
        yield Sandbox.up(name, kafka=kafka, properties=QUICK_REBALANCES)

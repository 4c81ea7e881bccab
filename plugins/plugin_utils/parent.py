# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ends the workers of ansible-playbook with it: if it is killed, it cannot end them, and they would continue alone."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.background import in_background

SECONDS_BETWEEN_CHECKS = 0.5


def parent_exists() -> Callable[[], bool]:
    """Return a function that checks whether the current parent process still exists."""
    parent = os.getppid()
    return lambda: os.getppid() == parent


@contextmanager
def ended_with_parent() -> Iterator[None]:
    """While inside, end this process and its children (a module, its SSH client) as soon as the parent process ends."""
    parent, done = os.getppid(), threading.Event()

    def watch() -> None:
        while not done.wait(SECONDS_BETWEEN_CHECKS):
            if os.getppid() != parent:
                # Since ansible-core 2.19 a worker leads its own process group; before, it is usually in its parent's.
                # Any other group may belong to a script that must continue.
                if os.getpgrp() in (os.getpid(), parent):
                    os.killpg(0, signal.SIGKILL)
                os._exit(1)

    in_background(watch, "kafka-connect-parent")
    try:
        yield
    finally:
        done.set()

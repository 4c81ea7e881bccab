# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ansible-playbook, whose worker process this is: killed, it cannot end its workers, which would go on all alone."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.background import in_background

SECONDS_BETWEEN_LOOKS = 0.5


def parent_is_there() -> Callable[[], bool]:
    """Says, each time it is called, whether the parent of now is still there."""
    parent = os.getppid()
    return lambda: os.getppid() == parent


@contextmanager
def ended_with_parent() -> Iterator[None]:
    """While inside, this process and what it has started (a module, the SSH client of one) end as soon as the parent is
    gone.
    """
    parent, done = os.getppid(), threading.Event()

    def watch() -> None:
        while not done.wait(SECONDS_BETWEEN_LOOKS):
            if os.getppid() != parent:
                # Since ansible-core 2.19 a worker leads a group of its own; before, its group is most often the parent's.
                # Any other one may be that of a script that goes on.
                if os.getpgrp() in (os.getpid(), parent):
                    os.killpg(0, signal.SIGKILL)
                os._exit(1)

    in_background(watch, "kafka-connect-parent")
    try:
        yield
    finally:
        done.set()

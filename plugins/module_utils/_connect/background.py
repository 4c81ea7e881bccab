# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Threads that leave signals to the main thread."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable

ENDING = frozenset({signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGALRM})
"""Signals that end a run. Ansible's `timeout` of a task is SIGALRM."""


def in_background(work: Callable[[], None], name: str) -> threading.Thread:
    """Start `work` in a daemon thread, which doesn't keep the process alive, and return the thread.

    The thread blocks the signals that end a run. Python runs signal handlers in the main thread only. A signal that the kernel
    delivers to another thread doesn't wake the main thread, which could wait on for a worker or a module and miss the interrupt.
    """
    thread = threading.Thread(target=work, daemon=True, name=name)
    # A new thread inherits the mask. Setting it inside the thread would leave a moment without it.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    try:
        thread.start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    return thread

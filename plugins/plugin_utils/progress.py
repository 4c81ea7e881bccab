# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Shows at intervals that a task is still running."""

from __future__ import annotations

import threading
import time
from types import TracebackType

from ansible.utils.display import Display

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.background import in_background
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import legible, one_line

SECONDS_BETWEEN_LINES = 10.0

display = Display()


def show_line(host: str, seconds: float, text: str) -> None:
    """Show one progress line of a task: the host, the seconds since the task has started, and the text."""
    display.display(f"{legible(host)} | {seconds:>5.1f} s | {one_line(text)}")


class ProgressLines:
    """While inside, shows `text` whenever the task has lasted for SECONDS_BETWEEN_LINES more. `text` may change meanwhile."""

    def __init__(self, host: str, text: str) -> None:
        self.host = host
        self.text = text
        self._done = threading.Event()
        self._thread: threading.Thread | None = None

    def __enter__(self) -> ProgressLines:
        started = time.monotonic()

        def show() -> None:
            while not self._done.wait(SECONDS_BETWEEN_LINES):
                show_line(self.host, time.monotonic() - started, self.text)

        self._thread = in_background(show, "kafka-connect-still-running")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        if self._thread is not None:
            # Ansible ends this process soon: a thread that is still writing then could leave a lock behind.
            self._thread.join()

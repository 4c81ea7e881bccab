# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Background threads don't keep a signal from the main thread, nor the process from ending."""

from __future__ import annotations

import queue
import signal
import threading

import pytest

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.background import in_background


def mask_of_this_thread() -> set[int]:
    return set(signal.pthread_sigmask(signal.SIG_BLOCK, ()))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGALRM])
def test_a_background_thread_blocks_the_signals_that_end_a_run(number: signal.Signals) -> None:
    masks: queue.SimpleQueue[set[int]] = queue.SimpleQueue()
    in_background(lambda: masks.put(mask_of_this_thread()), "test")
    assert number in masks.get(timeout=10)


def test_a_thread_of_a_background_thread_blocks_them_too() -> None:
    masks: queue.SimpleQueue[set[int]] = queue.SimpleQueue()
    in_background(lambda: threading.Thread(target=lambda: masks.put(mask_of_this_thread())).start(), "test")
    assert signal.SIGINT in masks.get(timeout=10)


def test_the_main_thread_keeps_its_own_mask() -> None:
    before = mask_of_this_thread()
    in_background(lambda: None, "test").join()
    assert mask_of_this_thread() == before


def test_a_background_thread_is_a_daemon_with_a_name() -> None:
    thread = in_background(lambda: None, "kafka-connect-test")
    assert (thread.daemon, thread.name) == (True, "kafka-connect-test")

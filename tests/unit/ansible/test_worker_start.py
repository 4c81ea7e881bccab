# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of worker_start that can lead to no worker are reported before anything runs on the host."""

from __future__ import annotations

import pytest

from testing.ansible_runs.in_process import make_action

GIVEN = {"url": "http://connect-1:8083", "port": 8083, "kafka_version": "4.3.1"}


@pytest.mark.parametrize(
    "url", ["", "connect-1", "connect-1:8083", "ftp://connect-1", "http://", "http://connect-1:port"]
)
def test_a_url_of_no_worker_is_named_with_its_form(url: str) -> None:
    result = make_action("worker_start", {**GIVEN, "url": url}).run(task_vars={})
    assert result["msg"] == f'url "{url.rstrip("/")}" is not a URL of a worker -> give it as http://HOST:PORT'


def test_a_version_that_is_none_is_named_with_its_form() -> None:
    result = make_action("worker_start", {**GIVEN, "kafka_version": "latest"}).run(task_vars={})
    assert result["msg"] == 'kafka_version "latest" is not a version -> give it as in 4.3.1'

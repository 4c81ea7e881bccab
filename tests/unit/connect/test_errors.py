# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The messages of errors that quote any text."""

from __future__ import annotations

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import (
    InputError,
    Problem,
    WrongClusterError,
)


def test_a_message_is_one_line_for_any_quoted_text() -> None:
    error = WrongClusterError("not to \n\x1b[31m: nothing was changed")
    assert error.message == r"not to \x1b[31m: nothing was changed"


def test_an_input_error_has_one_line_per_problem() -> None:
    error = InputError([Problem('name "a\nb": correct it'), Problem("url is empty: give one")])
    assert error.message.splitlines() == ['name "a b": correct it', "url is empty: give one"]

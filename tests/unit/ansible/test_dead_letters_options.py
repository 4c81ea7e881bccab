# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Wrong options of dead_letter_info and dead_letters: one line each, before any broker is asked."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.execute import execute
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations import (
    dead_letter_info,
    dead_letters,
)
from tests.contract.modules.shapes import misfits
from tests.specifications import SPECIFICATIONS

OPERATIONS = {"dead_letter_info": dead_letter_info.dead_letter_info, "dead_letters": dead_letters.dead_letters}
AGAIN = {"topic": "dead", "state": "reprocessed", "destination": "retry"}


def run(module: str, **given: Any) -> dict[str, Any]:
    options = {"bootstrap_servers": "127.0.0.1:1", **given}
    specification = SPECIFICATIONS[module]
    checked = ArgumentSpecValidator(specification.arguments, **specification.checks).validate(options)
    if checked.error_messages:
        return {"failed": True, "msg": "\n".join(checked.error_messages), "error": {"kind": "specification"}}
    result = execute(OPERATIONS[module], checked.validated_parameters, check_mode=False, diff_mode=False)
    assert misfits(module, result) == []
    return result


@pytest.mark.parametrize(
    ("module", "options", "message"),
    [
        ("dead_letter_info", {"topics": "dead", "max_records": 0}, "max_records is 0: give a positive number"),
        ("dead_letter_info", {"topics": "dead", "samples": -1}, "samples is -1: give a number from 0 to 100"),
        ("dead_letter_info", {"topics": "dead", "since": "soon"}, 'since "soon" is no time'),
        ("dead_letter_info", {"topics": "dead", "review": "a b"}, 'review "a b" is no name'),
        ("dead_letter_info", {"topics": "dead", "bootstrap_servers": " "}, "bootstrap_servers is empty"),
        ("dead_letters", {"topic": "dead", "state": "reviewed"}, "missing: review"),
        ("dead_letters", {"topic": "dead", "state": "discarded"}, "missing: backup_dir"),
        ("dead_letters", {"topic": "dead", "state": "reprocessed"}, "set destination to the topic to write to"),
        ("dead_letters", {**AGAIN, "to_origin": True}, "mutually exclusive: destination|to_origin"),
        ("dead_letters", {**AGAIN, "destination": "dead"}, "destination is the dead letter topic itself"),
        ("dead_letters", {**AGAIN, "kinds": "wrong"}, 'kinds: "wrong" is no kind of a cause'),
        ("dead_letters", {**AGAIN, "limit": 0}, "limit is 0: give a positive number"),
        (
            "dead_letters",
            {"topic": "dead", "state": "discarded", "backup_dir": "/tmp", "kinds": "unreachable"},
            "kinds can't be combined with state discarded",
        ),
    ],
)
def test_wrong_options_are_reported_in_one_line(module: str, options: dict[str, Any], message: str) -> None:
    result = run(module, **options)
    assert result["failed"]
    assert message in result["msg"]
    assert "\n" not in result["msg"]

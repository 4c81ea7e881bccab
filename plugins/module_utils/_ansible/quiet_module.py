# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An AnsibleModule that keeps the values of its options out of every log and result."""

from __future__ import annotations

from typing import Any, cast

from ansible.module_utils.basic import AnsibleModule


class QuietModule(AnsibleModule):
    """An AnsibleModule that keeps connector configs out of the host's journal and out of `invocation`."""

    def _log_invocation(self) -> None:
        """Log the names of the given options without their values: a config may contain secrets that no argument spec
        can name.
        """
        given = sorted(name for name, value in self.params.items() if value not in (None, [], {}))
        cast(Any, self).log(f"Invoked with {', '.join(given)}")

    def add_path_info(self, kwargs: dict[str, Any]) -> dict[str, Any]:
        """Leave a result with `dest` unchanged, so that it does not depend on where the engine ran."""
        return kwargs

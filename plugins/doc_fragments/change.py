# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a config is changed, and what happens when the change fails (CHANGE in _ansible/arguments.py)."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  update_secrets:
    description:
      - Whether a config is written because of secrets that can't be compared. Some builds of Connect and some proxies
        show secrets as V(****). Whether these are still the wanted ones can't be seen.
      - The default is V(false), because otherwise each run would write such a connector, and restart it. They are
        listed in RV(connectors[].unverified_keys) instead. Set it to V(true) for the run that brings new secrets.
    type: bool
    default: false
  restart_failed:
    description:
      - Whether a connector that shall be V(running) or V(paused) is restarted when it, or one of its tasks, has
        failed. Only failed parts are restarted. A failed task of a paused connector is left alone.
      - The default is V(true), because a failed connector does not run, and nothing but a restart or a new config
        revives it. With V(false) only the target state is set.
    type: bool
    default: true
  on_failure:
    description:
      - What happens to a connector whose change was written but did not work.
      - V(keep) leaves it as it is, for a person to look at.
      - V(rollback) puts the former config and run state back after an update. A connector that is new is stopped, not
        deleted, so that its trace stays. If somebody else has changed the config meanwhile, it is left alone. The
        task fails all the same, and RV(connectors[].rollback) says what was done.
      - The default is V(keep), because a rollback is another change of a cluster that may not be well.
    type: str
    choices: [keep, rollback]
    default: keep
  backup_dir:
    description:
      - Directory, on the machine where the task runs, in which the stored config is kept before an update or delete.
        It is made if it is missing.
      - There is a new file for each change, C(NAME.TIME.json), in the form that the REST API takes. It can be given
        to O(streamops.kafka_connect.connectors#module:src) to go back.
      - The files hold the config as it is stored, secrets included. Their mode is V(0600).
    type: path
"""

# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a configuration is changed, and what happens if the change fails (CHANGE in _ansible/arguments.py)."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  update_secrets:
    description:
      - Whether to write a configuration because of secrets that cannot be compared. Some builds of Connect and some proxies
        return secrets as V(****), so the module cannot see whether they are the desired ones.
      - The default is V(false), because otherwise each run would write and restart such a connector. The result lists these
        keys in RV(connectors[].unverified_keys) instead. Set it to V(true) for the run that brings new secrets.
    type: bool
    default: false
  restart_failed:
    description:
      - Whether to restart a connector whose desired state is V(running) or V(paused) if it or one of its tasks has failed.
        Only failed parts are restarted. A failed task of a paused connector is left alone.
      - The default is V(true), because a failed connector does not run until it is restarted or gets a new configuration.
        With V(false) the task only sets the target state.
    type: bool
    default: true
  on_failure:
    description:
      - What to do with a connector whose change was written but did not work.
      - V(keep) leaves it as it is, so that you can inspect it.
      - V(rollback) restores the previous configuration and run state after an update. It stops a new connector but does not
        delete it, so that its stack trace remains. If another user or run has changed the configuration meanwhile, the
        connector is left alone. The task still fails, and RV(connectors[].rollback) contains what was done.
      - The default is V(keep), because a rollback is another change to a cluster that may not be healthy.
    type: str
    choices: [keep, rollback]
    default: keep
  backup_dir:
    description:
      - Directory, on the machine where the task runs, in which to save the stored configuration before an update or delete. It
        is created if it does not exist.
      - Each change creates a new file, C(NAME.TIME.json), in the format of the REST API. To go back, pass it to
        O(streamops.kafka_connect.connectors#module:src).
      - The files contain the configuration as Connect stores it, including secrets. Their mode is V(0600).
    type: path
"""

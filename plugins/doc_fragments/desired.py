# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The desired set of connectors (DESIRED and RULE in _ansible/arguments.py)."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  connectors:
    description:
      - Desired connectors, one dictionary each, together with those of O(src). A name may occur only once in both.
      - C(name) is required, and so is C(config) unless C(state) is V(absent).
      - C(config) is the whole config, flat, with scalars as values. V(true) and V(1) are stored as strings, as
        Connect does it. A key that is not given is removed from the connector.
      - C(state) is V(present) (the default), V(absent), V(running), V(paused) or V(stopped), as in
        O(streamops.kafka_connect.connector#module:state). C(initial_state) and C(known_keys) may be given too.
      - The form that the REST API takes and gives, with C(name), C(config), C(initial_state), C(tasks) and C(type),
        is accepted as it is.
      - For hundreds of connectors use O(src). Ansible needs seconds to load and template that many in a variable.
    type: list
    elements: dict
    default: []
  src:
    description:
      - Files and directories with desired connectors. Directories are read with all that is below them, except hidden
        files.
      - C(.json), C(.yml), C(.yaml) and C(.properties) files are read. A file holds one connector or several, in the
        form of O(connectors), in the REST API's own form (one connector, a list, or what C(GET
        /connectors?expand=info) gives), or as a flat config whose name is its key C(name) or else the file's name. A
        C(.properties) file is a connector as for Connect's standalone mode.
      - They are read on the controller, wherever the task runs, and looked up as the files of
        M(ansible.builtin.copy) are. Vaulted files and C(!vault) values are decrypted. They are not templated, so use
        O(overrides) for values that come from variables.
    type: list
    elements: path
    default: []
  defaults:
    description:
      - Configs that lie under those of the connectors. Among several that fit, the last one wins. The connector's own
        keys win over all of them.
    type: list
    elements: dict
    default: []
    suboptions:
      match:
        description:
          - Pattern for the names of the connectors that this is for.
        type: str
        default: "*"
      connector_class:
        description:
          - Pattern for the class of the connectors that this is for, in full or without its package. Both patterns
            must fit.
        type: str
      config:
        description:
          - Keys and values.
        type: dict
        required: true
  overrides:
    description:
      - Configs that lie over those of the connectors. Among several that fit, the last one wins.
      - This is the way in for what differs between environments and for values that are looked up.
    type: list
    elements: dict
    default: []
    suboptions:
      match:
        description:
          - Pattern for the names of the connectors that this is for.
        type: str
        default: "*"
      connector_class:
        description:
          - Pattern for the class of the connectors that this is for, in full or without its package. Both patterns
            must fit.
        type: str
      config:
        description:
          - Keys and values. A null removes the key.
        type: dict
        required: true
requirements:
  - jsonschema (Python library), on the controller and where the task runs
"""

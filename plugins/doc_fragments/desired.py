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
      - Desired connectors, one dictionary each, in addition to those of O(src). A name may occur only once in both.
      - C(name) is required, and so is C(config) unless C(state) is V(absent).
      - C(config) is the whole configuration as a flat dictionary of scalars. Numbers and booleans such as V(1) and V(true) are
        stored as strings, as Connect does. Keys that you do not give are removed from the connector.
      - C(state) is V(present) (the default), V(absent), V(running), V(paused) or V(stopped), as in
        O(streamops.kafka_connect.connector#module:state). C(initial_state) and C(known_keys) are optional.
      - The format of the REST API, with C(name), C(config), C(initial_state), C(tasks) and C(type), is accepted as it is.
      - For hundreds of connectors use O(src), because Ansible needs seconds to load and template that many in a variable.
    type: list
    elements: dict
    default: []
  src:
    description:
      - Files and directories with desired connectors. Directories are read recursively, except for hidden files.
      - Reads C(.json), C(.yml), C(.yaml) and C(.properties) files. A file contains one connector or several, in the format of
        O(connectors), in that of the REST API (one connector, a list, or the response to C(GET /connectors?expand=info)), or
        as a flat configuration, named by its key C(name) or else by the file. A C(.properties) file is a connector as for
        Connect's standalone mode.
      - The files are read on the controller, regardless of where the task runs, and found in the same way as the files of
        M(ansible.builtin.copy). Vaulted files and C(!vault) values are decrypted. The files are not templated, so use
        O(overrides) for values from variables.
    type: list
    elements: path
    default: []
  defaults:
    description:
      - Configurations that are merged below those of the connectors. If several match, the last one wins. The connector's own
        keys take precedence over all of them.
    type: list
    elements: dict
    default: []
    suboptions:
      match:
        description:
          - Pattern for the names of the connectors that this entry applies to.
        type: str
        default: "*"
      connector_class:
        description:
          - Pattern for the class of the connectors that this entry applies to, with or without its package. Both patterns must
            match.
        type: str
      config:
        description:
          - Keys and values.
        type: dict
        required: true
  overrides:
    description:
      - Configurations that are merged over those of the connectors. If several match, the last one wins.
      - Use them for differences between environments and for values from lookups.
    type: list
    elements: dict
    default: []
    suboptions:
      match:
        description:
          - Pattern for the names of the connectors that this entry applies to.
        type: str
        default: "*"
      connector_class:
        description:
          - Pattern for the class of the connectors that this entry applies to, with or without its package. Both patterns must
            match.
        type: str
      config:
        description:
          - Keys and values. A null removes the key.
        type: dict
        required: true
requirements:
  - jsonschema (Python library), on the controller and where the task runs
"""

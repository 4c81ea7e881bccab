# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: worker_host_info
short_description: Inspect the host of a Kafka Connect worker, and compare it with the desired state
version_added: 0.2.0
author:
  - streamops.kafka_connect contributors (@streamops)
description:
  - Reads in one step what role P(streamops.kafka_connect.worker#role) needs to decide what it must do on a host. That includes the
    service, who listens on its port, Java, packages, user and group, files, unpacked versions, free space, and what the worker
    was started with.
  - Compares O(files) with the desired state on the host itself. Results name the keys that differ, and show values that are not
    secret. Neither a secret nor a digest of one leaves the host.
  - If the host cannot be inspected, the task fails with one line that names the host, the cause and the fix, for example a missing
    sudo password, or a host without Python.
extends_documentation_fragment:
  - streamops.kafka_connect.host
options:
  service:
    description: Name of the worker's systemd service.
    type: str
    default: kafka-connect
  port:
    description: Port of the worker. If set, the module finds the processes that listen on it.
    type: int
  java:
    description: Path of the Java program. If set, the module reads its version.
    type: path
  packages:
    description: Names of packages that may be installed.
    type: list
    elements: str
    default: []
  user:
    description: User that the worker runs as.
    type: str
  group:
    description: Group that may read the worker's files.
    type: str
  files:
    description: Paths to inspect. All suboptions except O(files[].path) are the desired state, and optional.
    type: list
    elements: dict
    default: []
    suboptions:
      path:
        description: The path.
        type: path
        required: true
      state:
        description: Desired kind of the path.
        type: str
        choices: [file, directory, link, absent]
      owner:
        description: Desired owner.
        type: str
      group:
        description: Desired group.
        type: str
      mode:
        description: Desired permissions in octal, as a string.
        type: str
      target:
        description: Desired target of a link.
        type: str
      sha256:
        description: SHA-256 digest of the desired content of a file, in hexadecimal.
        type: str
      content:
        description:
          - Desired content of a file. Required for a comparison by key, see O(files[].format).
        type: str
      format:
        description:
          - How the file stores keys and values. V(properties) is a Java properties file, and V(environment) is a file for
            C(EnvironmentFile) of systemd. If set, RV(files[].changes) names the keys that differ.
        type: str
        choices: [properties, environment]
      secret:
        description: Whether every value in the file is a secret.
        type: bool
        default: false
  versions_dir:
    description: Directory whose subdirectories are unpacked versions.
    type: path
  previous_version_file:
    description: File with the name of the version that a rollback would restore.
    type: path
  filesystems:
    description: Paths, which may not exist yet, whose file systems' free space is read.
    type: list
    elements: path
    default: []
  startup:
    description: How to compare what the worker was started with, and what it would be started with now.
    type: dict
    suboptions:
      record:
        description: File with the digests and names of the files that the worker read at startup, one per line.
        type: path
        required: true
      script:
        description: Program on the host that prints the same list for the current files.
        type: path
        required: true
      pending:
        description: Lines of that list for files that are not written yet. They take precedence over the current files.
        type: list
        elements: str
        default: []
      fail_on_error:
        description: Whether to fail if the current files cannot be listed.
        type: bool
        default: false
  timeout:
    description: Seconds that the inspection may take. Most of the time goes to listing files in the plugin path.
    type: float
    default: 30
attributes:
  diff_mode:
    description: Will return details on what has changed (or possibly needs changing in check mode), when in diff mode.
    support: N/A
    details:
      - The module changes nothing. RV(files[].changes) contains the differences.
notes:
  - Reading files and processes of other users requires C(become).
seealso:
  - module: streamops.kafka_connect.properties_file
  - plugin: streamops.kafka_connect.worker_parts
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Inspect the host of a worker
  streamops.kafka_connect.worker_host_info:
    port: 8083
    java: /usr/bin/java
    user: kafka-connect
    files:
      - path: /etc/kafka-connect/worker.properties
        state: file
        owner: root
        mode: "0640"
        format: properties
        content: "{{ desired | streamops.kafka_connect.to_java_properties }}"
  become: true
  register: host
  vars:
    desired:
      bootstrap.servers: kafka-1:9092
      group.id: connect-orders

- name: Show which keys differ
  ansible.builtin.debug:
    msg: "{{ host.files[0].changes | map(attribute='key') }}"
"""

RETURN = r"""
service:
  description: State of the service, as C(systemctl show) reports it. All texts are empty without systemd.
  type: dict
  returned: success
  contains:
    load_state:
      description: Whether systemd has loaded the unit.
      type: str
      returned: always
      sample: loaded
    active_state:
      description: State of the unit.
      type: str
      returned: always
      sample: active
    sub_state:
      description: More precise state of the unit.
      type: str
      returned: always
      sample: running
    unit_file_state:
      description: Whether the service starts at boot.
      type: str
      returned: always
      sample: enabled
    main_pid:
      description: ID of the main process. V(0) without one.
      type: int
      returned: always
      sample: 812
    restarts:
      description: Number of restarts by systemd.
      type: int
      returned: always
      sample: 0
    needs_reload:
      description: Whether the unit has changed since systemd read it.
      type: bool
      returned: always
      sample: false
  sample:
    load_state: loaded
    active_state: active
    sub_state: running
    unit_file_state: enabled
    main_pid: 812
    restarts: 0
    needs_reload: false
listening_ports:
  description: TCP ports on which the main process listens.
  type: list
  elements: int
  returned: success
  sample: [8083]
port_owners:
  description: Processes that listen on O(port).
  type: list
  elements: dict
  returned: success
  contains:
    pid:
      description: ID of the process. V(0) if it could not be found.
      type: int
      returned: always
      sample: 812
    command:
      description: Name of the program.
      type: str
      returned: always
      sample: java
    own:
      description: Whether the process belongs to the service.
      type: bool
      returned: always
      sample: true
  sample:
    - {pid: 812, command: java, own: true}
os:
  description: Operating system, from C(/etc/os-release).
  type: dict
  returned: success
  contains:
    id:
      description: The C(ID).
      type: str
      returned: always
      sample: debian
    id_like:
      description: The C(ID_LIKE).
      type: str
      returned: always
      sample: ''
    version_id:
      description: The C(VERSION_ID).
      type: str
      returned: always
      sample: '12'
    pretty_name:
      description: The C(PRETTY_NAME).
      type: str
      returned: always
      sample: Debian GNU/Linux 12 (bookworm)
  sample:
    id: debian
    id_like: ''
    version_id: '12'
    pretty_name: Debian GNU/Linux 12 (bookworm)
memory_bytes:
  description: Memory of the host. V(0) if it is unknown.
  type: int
  returned: success
  sample: 8589934592
free_bytes:
  description: Free bytes of the file system, for each path in O(filesystems).
  type: dict
  returned: success
  sample: {/opt/kafka-connect: 41943040}
java:
  description: The Java program. Empty without O(java).
  type: dict
  returned: success
  contains:
    path:
      description: Value of O(java).
      type: str
      returned: when O(java) is set
      sample: /usr/bin/java
    real_path:
      description: Path without links. Empty if there is no such program.
      type: str
      returned: when O(java) is set
      sample: /usr/lib/jvm/java-17-openjdk-amd64/bin/java
    version:
      description: Major version. V(0) if it is unknown.
      type: int
      returned: when O(java) is set
      sample: 17
  sample:
    path: /usr/bin/java
    real_path: /usr/lib/jvm/java-17-openjdk-amd64/bin/java
    version: 17
packages:
  description: Those of O(packages) that are installed.
  type: list
  elements: str
  returned: success
  sample: [openjdk-17-jre-headless]
user:
  description: The user. Empty without O(user).
  type: dict
  returned: success
  contains:
    exists:
      description: Whether the user exists.
      type: bool
      returned: when O(user) is set
      sample: true
    uid:
      description: ID of the user.
      type: int
      returned: when the user exists
      sample: 998
    group:
      description: Name of the primary group.
      type: str
      returned: when the user exists
      sample: kafka-connect
    home:
      description: Home directory.
      type: str
      returned: when the user exists
      sample: /nonexistent
    shell:
      description: Login shell.
      type: str
      returned: when the user exists
      sample: /usr/sbin/nologin
  sample:
    exists: true
    uid: 998
    group: kafka-connect
    home: /nonexistent
    shell: /usr/sbin/nologin
group:
  description: The group. Empty without O(group).
  type: dict
  returned: success
  contains:
    exists:
      description: Whether the group exists.
      type: bool
      returned: when O(group) is set
      sample: true
    gid:
      description: ID of the group.
      type: int
      returned: when the group exists
      sample: 998
  sample: {exists: true, gid: 998}
files:
  description: State of the paths in O(files), in the same order.
  type: list
  elements: dict
  returned: success
  contains:
    path:
      description: The path.
      type: str
      returned: always
      sample: /etc/kafka-connect/worker.properties
    state:
      description: State of the path.
      type: str
      returned: always
      choices: [absent, file, directory, link, other]
      sample: file
    differs:
      description: What is not in the desired state. One or more of V(state), V(content), V(owner), V(group), V(mode) and
        V(target).
      type: list
      elements: str
      returned: always
      sample: [content]
    owner:
      description: Name of the owner.
      type: str
      returned: when the path exists
      sample: root
    group:
      description: Name of the group.
      type: str
      returned: when the path exists
      sample: kafka-connect
    mode:
      description: Permissions in octal.
      type: str
      returned: when the path exists
      sample: '0640'
    size:
      description: Size in bytes.
      type: int
      returned: when the path exists
      sample: 1204
    target:
      description: Target of the link.
      type: str
      returned: when the path is a link
      sample: versions/kafka_2.13-4.3.1-0d4bdb4f
    settings:
      description: Current values that contain no secret, by key.
      type: dict
      returned: when O(files[].format) is set and the desired state is V(file)
      sample: {group.id: connect-orders}
    changes:
      description: Keys that differ, sorted.
      type: list
      elements: dict
      returned: when O(files[].format) and O(files[].content) are set and the desired state is V(file)
      contains:
        key:
          description: Key that differs.
          type: str
          returned: always
          sample: heartbeat.interval.ms
        before:
          description: Current value, with masked secrets. V(null) if the key is missing.
          type: str
          returned: always
          sample: '3000'
        after:
          description: Desired value, with masked secrets. V(null) if the key will be removed.
          type: str
          returned: always
          sample: '2000'
      sample:
        - {key: heartbeat.interval.ms, before: '3000', after: '2000'}
  sample:
    - path: /etc/kafka-connect/worker.properties
      state: file
      differs: [content]
versions:
  description: Names of the directories in O(versions_dir), the newest first.
  type: list
  elements: str
  returned: success
  sample: [kafka_2.13-4.3.1-0d4bdb4f]
previous_version:
  description: First line of O(previous_version_file). Empty without that file.
  type: str
  returned: success
  sample: ''
startup:
  description: What the worker was started with. Empty without O(startup).
  type: dict
  returned: success
  contains:
    recorded:
      description: Whether O(startup.record) exists. The service writes it at startup and removes it when it stops.
      type: bool
      returned: when O(startup) is set
      sample: true
    running_version:
      description: Name of the version that the worker was started in. Empty if it is unknown.
      type: str
      returned: when O(startup) is set
      sample: kafka_2.13-4.3.1-0d4bdb4f
    restart_reasons:
      description: Names of what the worker would read now and has not read at startup.
      type: list
      elements: str
      returned: when O(startup) is set
      sample: [/etc/kafka-connect/environment]
    error:
      description: Why the current files could not be listed. Empty on success.
      type: str
      returned: when O(startup) is set
      sample: ''
  sample:
    recorded: true
    running_version: kafka_2.13-4.3.1-0d4bdb4f
    restart_reasons: [/etc/kafka-connect/environment]
    error: ''
task_tags:
  description: Tags of the task and of everything that contains it, except C(always). Role P(streamops.kafka_connect.worker#role)
    selects its parts by them.
  type: list
  elements: str
  returned: always
  sample: []
msg:
  description: Why the host could not be inspected, in one line.
  type: str
  returned: on failure
  sample: the host was not inspected within 30 s -> set timeout
"""

from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.host_module import run_on_host
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.worker_host_info import (
    WORKER_HOST_INFO,
    worker_host_info,
)


def main() -> None:
    run_on_host(WORKER_HOST_INFO, worker_host_info)


if __name__ == "__main__":
    main()

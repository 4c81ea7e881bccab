# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: verified_file
short_description: Find or download a file on the controller, and verify its checksum
version_added: 0.2.0
author:
  - streamops.kafka_connect contributors (@streamops)
description:
  - Verifies the checksum of a file on the controller, before any host is changed.
  - Downloads a file from its URL, once for all hosts and runs, into a cache on the controller. Hosts and runs that need the
    same file at the same time wait for one download.
  - Alternatively downloads the file on the host itself.
  - Repeats a download after failures that can pass, with growing pauses, and shows progress lines.
  - Credentials and query strings of URLs appear neither in results, nor in messages at any verbosity, nor in file names.
options:
  src:
    description:
      - Path of the file on the controller, or its URL with C(http) or C(https).
      - The module resolves a relative path like that of a file in a role or a play.
    type: str
    required: true
  checksum:
    description:
      - C(sha256:) or C(sha512:), followed by the hexadecimal digest, or by the URL of a checksum file.
      - A checksum file has the form of C(sha256sum), of BSD and OpenSSL (C(SHA512 (name) = digest)), of C(gpg --print-md), as
        Apache publishes it, or is a digest alone. If it names files, one of them must have the name of O(src).
    type: str
    required: true
  name:
    description: What messages call the file. By default O(src) without credentials.
    type: str
  fetch:
    description: Whether to read or download the file. With V(false), the module only determines its RV(checksum).
    type: bool
    default: true
  download:
    description:
      - Where to download a file from its URL. V(controller) stores it in O(cache_dir). V(host) stores it as O(dest) on the host
        of the task.
      - With V(controller), delegate the task to V(localhost).
    type: str
    choices: [controller, host]
    default: controller
  dest:
    description: With O(download=host), path of the file on the host. Its directory must exist.
    type: path
  cache_dir:
    description:
      - Directory of the cache on the controller. By default V(streamops-kafka-connect/downloads) in C($XDG_CACHE_HOME), or else in
        V(~/.cache).
      - Each file is verified again before it is used. You may remove any of them.
    type: path
attributes:
  check_mode:
    description: Can run in check_mode and return changed status prediction without modifying target.
    support: full
    details:
      - Verifies a file on the controller, and reads a checksum file, but downloads nothing else.
  diff_mode:
    description: Will return details on what has changed (or possibly needs changing in check mode), when in diff mode.
    support: none
  action:
    description: Indicates this has a corresponding action plugin so some parts of the options can be executed on the controller.
    support: full
    details:
      - The module only has an action plugin. It downloads with M(ansible.builtin.get_url) on the host of the task.
  async:
    description: Supports being used with the C(async) keyword.
    support: none
notes:
  - The module is not part of the action group, because its options are not those of a connection to Kafka Connect.
  - Set proxies with the C(environment) of the task, as C(https_proxy) and C(no_proxy). The module passes them on in a file, because
    Ansible shows a command and its environment at C(-vvv).
  - If a download fails for one host of a task, it fails for the others without another attempt.
seealso:
  - module: ansible.builtin.get_url
"""

EXAMPLES = r"""
- name: Download Kafka once for all hosts
  streamops.kafka_connect.verified_file:
    src: https://downloads.example.com/kafka_2.13-4.3.1.tgz
    checksum: sha256:1f6d4f7f0c0d5c1ec7a9b2a3f4d5e6978890a1b2c3d4e5f60718293a4b5c6d7e
  delegate_to: localhost
  environment:
    https_proxy: http://proxy.example.com:3128
  register: kafka

- name: Download Kafka on each host
  streamops.kafka_connect.verified_file:
    src: https://downloads.example.com/kafka_2.13-4.3.1.tgz
    checksum: sha256:1f6d4f7f0c0d5c1ec7a9b2a3f4d5e6978890a1b2c3d4e5f60718293a4b5c6d7e
    download: host
    dest: /opt/kafka.tgz

# With a checksum file: sha512:https://downloads.apache.org/kafka/4.3.1/kafka_2.13-4.3.1.tgz.sha512
"""

RETURN = r"""
checksum:
  description: C(sha256:) or C(sha512:) and the digest of the file, in lower case.
  type: str
  returned: success
  sample: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
path:
  description:
    - Path of the file on the controller. Empty if it was not fetched, which includes a download in check mode and O(download=host).
  type: str
  returned: success
  sample: /home/operator/.cache/streamops-kafka-connect/downloads/sha256-9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08/kafka_2.13-4.3.1.tgz
downloaded:
  description: Whether this task has downloaded the file.
  type: bool
  returned: success
  sample: true
msg:
  description: Why the task failed, in one line.
  type: str
  returned: on failure
  sample: >-
    https://downloads.example.com/kafka.tgz could not be downloaded in 4 attempts: HTTP Error 503
"""

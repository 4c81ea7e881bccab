# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How to reach schema registries (REGISTRY in _ansible/registry_options.py)."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  registry:
    description:
      - How to reach schema registries with a Confluent-compatible API, such as Confluent Schema Registry, Karapace and Apicurio
        Registry.
      - The options O(http_agent), O(use_proxy), O(connect_timeout), O(read_timeout) and O(max_response_size) apply to registries, too.
        The credentials of the workers are never sent to a registry.
    type: dict
    version_added: 0.2.0
    suboptions:
      url:
        description:
          - URLs of registries, each with the path of its Confluent-compatible API. For Apicurio Registry, that path is
            C(/apis/ccompat/v7).
          - The login, O(registry.headers) and O(registry.client_cert) are sent to these URLs only, because the configuration of a
            connector may name any URL. Give the URLs as the connectors name them. For C(apicurio.registry.url), replace the path
            by C(/apis/ccompat/v7).
        type: list
        elements: str
        default: []
      url_username:
        description:
          - User name for HTTP basic authentication.
          - For a registry that is not in O(registry.url), the module uses the login in the configuration of a connector, if it is
            written out there. Only workers can resolve a reference such as V(${file:/run/secrets:registry}).
        type: str
      url_password:
        description:
          - Password for HTTP basic authentication.
        type: str
      token:
        description:
          - Bearer token, instead of user name and password.
        type: str
      client_cert:
        description:
          - PEM file with the client certificate for mutual TLS. It may also contain the private key.
        type: path
      client_key:
        description:
          - PEM file with the unencrypted private key of O(registry.client_cert).
        type: path
      ca_path:
        description:
          - PEM file, or directory of hashed PEM files, with the CA certificates that verify the certificates of all registries.
        type: path
      validate_certs:
        description:
          - Whether to validate the TLS certificates of all registries.
        type: bool
        default: true
      headers:
        description:
          - Additional HTTP headers.
        type: dict
"""

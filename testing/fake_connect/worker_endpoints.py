# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The endpoints about the worker itself: version, health, plugins, validation, loggers."""

from __future__ import annotations

import re
from http import HTTPStatus

from .answers import NO_CONTENT, Answer, RefusalError, answer_json, instant
from .endpoint import Call, endpoint
from .loggers import Loggers
from .request import read_map
from .validation import validate, wrong_version_text


def get_root(call: Call) -> Answer:
    cluster_id = call.worker.kafka_cluster_id or call.cluster.kafka_cluster_id
    return answer_json(
        {"version": call.cluster.version_text, "commit": "26b251a451ce941d", "kafka_cluster_id": cluster_id}
    )


def get_health(call: Call) -> Answer:
    """Wait for the herder as long as /health does, then report whether the worker is starting or stuck."""
    store = call.cluster.store
    with store.changed:
        free = store.changed.wait_for(lambda: call.worker.obstacle is None, call.cluster.timing.health_timeout)
        stage = f"The worker is currently {call.worker.obstacle}, which began at {instant(call.worker.obstacle_since)}."
        starting = call.worker.is_starting
    if free:
        message = "Worker has completed startup and is ready to handle requests."
        return answer_json({"status": "healthy", "message": message})
    if starting:
        status = {"status": "starting", "message": f"Worker is still starting up. {stage}"}
        return answer_json(status, HTTPStatus.SERVICE_UNAVAILABLE)
    message = f"Worker was unable to handle this request and may be unable to handle other requests. {stage}"
    return answer_json({"status": "unhealthy", "message": message}, HTTPStatus.INTERNAL_SERVER_ERROR)


def list_plugins(call: Call) -> Answer:
    only_connectors = call.request.flag("connectorsOnly", default="true")
    return answer_json(
        [
            {"class": plugin.name, "type": plugin.type, "version": plugin.version}
            for plugin in call.worker.catalog.plugins
            if plugin.is_connector or not only_connectors
        ]
    )


def get_plugin_config(call: Call) -> Answer:
    name = call.parameters["plugin"]
    requested = call.request.parameter("version", "latest")
    version = call.cluster.version
    if version >= (4, 1) and re.fullmatch(r"[\[(][^,\])]*", requested):
        raise RefusalError(HTTPStatus.BAD_REQUEST, f"Invalid version specification: {requested}")
    plugin = call.worker.catalog.find(name)
    if plugin is None:
        raise RefusalError(HTTPStatus.NOT_FOUND, f"Unknown plugin {name}.")
    if version >= (4, 1) and requested not in ("latest", plugin.version, f"[{plugin.version}]"):
        raise RefusalError(HTTPStatus.BAD_REQUEST, wrong_version_text(plugin, requested))
    return answer_json([key.info(version) for key in plugin.all_keys])


def validate_config(call: Call) -> Answer:
    config = read_map(call.request.body)
    name = call.parameters["plugin"]
    included = config.get("connector.class")
    if included is not None and not alias(included).endswith(alias(name)):
        message = f"Included connector type {included} does not match request type {name}"
        raise RefusalError(HTTPStatus.BAD_REQUEST, message)
    try:
        result = validate(call.worker.catalog, config, call.cluster.version, call.cluster.group_id)
    except RefusalError as refusal:
        # An exception of a plugin or the framework arrives wrapped here, and a wrapped error has lost its code.
        text = f"{refusal.java_class}: {refusal.message}"
        raise RefusalError(HTTPStatus.INTERNAL_SERVER_ERROR, text) from refusal
    return answer_json(result.infos())


def alias(name: str) -> str:
    return name.removesuffix("Connector") if len(name) > len("Connector") else name


def list_loggers(call: Call) -> Answer:
    return answer_json(_loggers(call).listed())


def get_logger(call: Call) -> Answer:
    name = call.parameters["logger"]
    entry = _loggers(call).entry(name)
    if entry is None:
        raise RefusalError(HTTPStatus.NOT_FOUND, f"Logger {name} not found.")
    return answer_json(entry)


def set_logger(call: Call) -> Answer:
    name, loggers = call.parameters["logger"], _loggers(call)
    level = read_map(call.request.body, "levelMap").get("level")
    if level is None:
        raise RefusalError(HTTPStatus.BAD_REQUEST, "Desired 'level' parameter was not specified in request.")
    if level.upper() not in loggers.valid_levels:
        raise RefusalError(HTTPStatus.NOT_FOUND, f"invalid log level '{level}'.")
    if call.cluster.version < (3, 7) or call.request.parameter("scope", "worker").lower() != "cluster":
        return answer_json(loggers.change(name, level.upper()))
    for worker in call.cluster.workers:
        worker.loggers.change(name, level.upper())
    return NO_CONTENT


def _loggers(call: Call) -> Loggers:
    if call.worker.admin_elsewhere:
        raise RefusalError(HTTPStatus.NOT_FOUND, "HTTP 404 Not Found")
    return call.worker.loggers


ENDPOINTS = (
    endpoint("GET", "/", get_root),
    endpoint("GET", "/health", get_health, since=(3, 9)),
    endpoint("GET", "/connector-plugins", list_plugins),
    endpoint("GET", "/connector-plugins/{plugin}/config", get_plugin_config),
    endpoint("PUT", "/connector-plugins/{plugin}/config/validate", validate_config),
    endpoint("GET", "/admin/loggers", list_loggers),
    endpoint("GET", "/admin/loggers/{logger}", get_logger),
    endpoint("PUT", "/admin/loggers/{logger}", set_logger),
)

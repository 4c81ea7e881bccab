# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Causes in the worker: the JVM, plugins, configurations, files."""

from __future__ import annotations

from .signs import cause, sign

CAUSES = (
    cause(
        "out_of_memory",
        "unknown",
        "the worker's heap is too small: raise -Xmx in KAFKA_HEAP_OPTS (worker_environment of the role worker), or lower tasks.max, batch and "
        "queue sizes",
        sign(types="OutOfMemoryError"),
        sign(says=["Java heap space", "GC overhead limit exceeded"]),
    ),
    cause(
        "too_many_tasks",
        "permanent",
        "raise tasks.max to the number of tasks that the connector creates, or set tasks.max.enforce to false until it is fixed",
        sign(types="TooManyTasksException"),
        sign(says=["has generated … tasks, which is greater than"]),
    ),
    cause(
        "plugin_missing",
        "permanent",
        "install the plugin with all its jars in plugin.path on every worker, then restart the workers; plugin_info shows what "
        "each of them has",
        sign(types="ClassNotFoundException NoClassDefFoundError"),
        sign(
            says=[
                "Failed to find any class that implements",
                "Class … could not be found",
                "No suitable driver found for",
            ]
        ),
        # Worker.startTask, on a worker that lacks the class of the connector.
        sign(says=["since it is not a recognizable type (source or sink)"]),
    ),
    cause(
        "plugin_does_not_fit",
        "permanent",
        "the plugin's jars do not match this Kafka or Java version: install a matching release, in its own directory",
        sign(
            types="NoSuchMethodError NoSuchFieldError AbstractMethodError IncompatibleClassChangeError "
            "UnsupportedClassVersionError IllegalAccessError ServiceConfigurationError LinkageError VerifyError"
        ),
    ),
    cause(
        "reference_not_resolved",
        "permanent",
        "the worker can't resolve a ${provider:path:key} reference: check config.providers of the worker, path and key",
        sign(says=["config provider", "ConfigProvider", "Could not read properties from file"]),
        sign(types="ConfigException", says=["Could not resolve"]),
    ),
    cause(
        "keystore_not_read",
        "permanent",
        "the worker can't read a keystore or truststore: check path, type and password, and that it is on every worker",
        sign(
            says=["Failed to load SSL keystore", "Failed to load PEM SSL keystore", "keystore password was incorrect"]
        ),
        sign(
            says=["Keystore was tampered with, or password was incorrect", "trustAnchors parameter must be non-empty"]
        ),
    ),
)

GENERAL = (
    cause(
        "disk_full",
        "unknown",
        "a disk is full: free some space, then restart with connector_state",
        sign(says=["No space left on device"]),
    ),
    cause(
        "file_missing",
        "permanent",
        "the worker that runs the task does not have the file: copy it to every worker, readable by the worker's user",
        sign(types="NoSuchFileException FileNotFoundException"),
        sign(says=["No such file or directory"]),
    ),
    cause(
        "file_not_readable",
        "permanent",
        "give the worker's user the rights on that file or directory, on every worker",
        sign(types="AccessDeniedException", says=["/"]),
        sign(types="AccessControlException"),
    ),
    cause(
        "file_not_usable",
        "unknown",
        "the operating system of the worker refuses the file for the reason at the end of the message: check its path, its directory "
        "and the mount",
        sign(types="FileSystemException NotDirectoryException FileSystemLoopException"),
    ),
    cause(
        "config_invalid",
        "permanent",
        "correct the key that the message names; connector_validate checks it without changing anything",
        sign(types="ConfigException"),
        sign(says=["Missing required configuration", "Invalid value … for configuration"]),
    ),
)

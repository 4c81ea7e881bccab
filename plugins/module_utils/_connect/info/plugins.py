# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Facts about the plugins of the workers. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from ..errors import ConnectError
from ..parallel import in_parallel
from ..patterns import any_match
from ..reporting.report import Report
from ..rest.plugins import KeyDefinition, Plugin, definitions_of
from ..snapshot.cluster import Cluster
from ..snapshot.plugins import plugins_by_worker

PARALLEL_REQUESTS = 8


def plugin_facts(cluster: Cluster, names: Sequence[str], types: Sequence[str], *, definitions: bool) -> Report:
    """`plugins` of plugin_info: class, type, versions and the workers that have it; `keys` on request."""
    cluster.identify()
    by_worker = plugins_by_worker(cluster, PARALLEL_REQUESTS)
    is_selected = any_match(names or ["*"])
    entries = [
        entry
        for entry in plugin_entries(by_worker)
        if is_selected(entry["class"]) and (not types or entry["type"] in types)
    ]
    if definitions:
        answers = dict(
            in_parallel(
                cluster.run,
                partial(definitions_of, cluster.api),
                [entry["class"] for entry in entries],
                PARALLEL_REQUESTS,
            )
        )
        for entry in entries:
            answer = answers[entry["class"]]
            if isinstance(answer, ConnectError):
                raise answer
            entry["definitions"] = [_key_entry(key) for key in (answer or {}).values()]
    return Report(extra={"plugins": entries}, warnings=cluster.warnings)


def plugin_differences(cluster: Cluster) -> list[dict[str, Any]]:
    """`plugin_differences` of cluster_info. The workers must have been identified."""
    return differing(plugin_entries(plugins_by_worker(cluster, PARALLEL_REQUESTS)))


def differing(entries: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The plugins that a worker lacks, or of which there are several versions."""
    return [entry for entry in entries if entry["missing_on"] or len(entry["versions"]) != 1]


def plugin_entries(by_worker: Mapping[str, Sequence[Plugin]]) -> Iterable[dict[str, Any]]:
    """One entry for each class: the versions installed anywhere, and the workers that lack one of them."""
    classes: dict[tuple[str, str], dict[str, set[str]]] = {}
    for url, plugins in by_worker.items():
        for plugin in plugins:
            classes.setdefault((plugin.plugin_class, plugin.type), {}).setdefault(plugin.version, set()).add(url)
    for (plugin_class, kind), versions in sorted(classes.items()):
        yield {
            "class": plugin_class,
            "type": kind,
            "versions": sorted(versions),
            "missing_on": sorted(url for url in by_worker if any(url not in urls for urls in versions.values())),
        }


def _key_entry(key: KeyDefinition) -> dict[str, Any]:
    return {
        "name": key.name,
        "type": key.type,
        "required": key.required,
        "default": key.default,
        "documentation": key.documentation,
    }

# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plugins of the workers: each worker reports only its own."""

from __future__ import annotations

from functools import partial

from ..errors import ConnectError, RequestError
from ..parallel import in_parallel
from ..rest.plugins import Plugin, plugins_of
from .cluster import Cluster


def plugins_by_worker(cluster: Cluster, limit: int) -> dict[str, tuple[Plugin, ...]]:
    """Plugins by worker URL, in the order of the workers; a worker that no longer answers is left out, with a warning. At
    most `limit` workers are queried at a time.
    """
    found = {}
    urls = [worker.url for worker in cluster.workers]
    for url, answer in in_parallel(cluster.run, partial(plugins_of, cluster.api), urls, limit):
        if isinstance(answer, RequestError):
            cluster.warnings.append(f"worker {url}: its plugins can't be read ({answer.reason})")
        elif isinstance(answer, ConnectError):
            raise answer
        else:
            found[url] = answer
    return {url: found[url] for url in urls if url in found}

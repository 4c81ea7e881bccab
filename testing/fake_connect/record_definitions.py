# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Record the plugins of a real worker and their configuration keys, so that the fake can offer the same ones.

Run `python -m testing.fake_connect.record_definitions http://127.0.0.1:8083` against a worker of each Kafka line that
the fake emulates; it writes `definitions/<major>.<minor>.json` next to this file. The documentation texts of the keys
are omitted: they are Kafka's own prose, and no test needs them.
"""

from __future__ import annotations

import argparse
import json
import urllib.error
import urllib.parse
import urllib.request
from http import HTTPStatus
from pathlib import Path
from typing import Any

DEFINITIONS = Path(__file__).parent / "definitions"

KEY_FIELDS = (
    "name",
    "type",
    "required",
    "default_value",
    "importance",
    "group",
    "order_in_group",
    "width",
    "display_name",
    "dependents",
)
"""The fields of one key, in the order of a row in the file (ConfigKeyInfo without documentation)."""


LICENCE = """\
# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""
"""The license file of a JSON file, which cannot contain comments. Names, types and defaults are Kafka's; its texts are
omitted.
"""


def read_json(url: str, attempts: int = 5) -> Any:
    """Return the response to GET `url`, retried after a 500: Kafka 3.9 occasionally answers `because "current" is
    null`.

    Raises urllib.error.URLError (HTTPError if the last attempt failed, too).
    """
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as refusal:
        if refusal.code != HTTPStatus.INTERNAL_SERVER_ERROR or attempts == 1:
            raise
    return read_json(url, attempts - 1)


def record(url: str) -> Path:
    """Write the plugins of the worker at `url`. Returns the file. Raises urllib.error.URLError, OSError."""
    version = read_json(url)["version"]
    plugins = read_json(f"{url}/connector-plugins?connectorsOnly=false")
    tables: dict[str, list[list[Any]]] = {}
    for plugin in plugins:
        name = urllib.parse.quote(plugin["class"], safe="")
        keys = read_json(f"{url}/connector-plugins/{name}/config")
        tables[plugin["class"]] = [row(key) for key in keys]
    DEFINITIONS.mkdir(exist_ok=True)
    path = DEFINITIONS / f"{'.'.join(version.split('.')[:2])}.json"
    path.write_text(render(version, plugins, tables), encoding="utf-8")
    path.with_name(f"{path.name}.license").write_text(LICENCE, encoding="utf-8")
    return path


def row(key: dict[str, Any]) -> list[Any]:
    """The fields of one key; Kafka 3.x names `order_in_group` `order`, contrary to its own documentation."""
    named = {"order_in_group": key.get("order"), **key}
    return [named[field] for field in KEY_FIELDS]


def render(version: str, plugins: list[dict[str, str]], tables: dict[str, list[list[Any]]]) -> str:
    """JSON with one line for each key, so that a changed key is one changed line. Equal tables are written once."""
    by_content: dict[str, str] = {}
    lines = [f'{{"version": {json.dumps(version)},', '"plugins": [']
    lines.append(",\n".join(json.dumps(plugin) for plugin in plugins))
    lines.append('], "keys": {')
    blocks = []
    for name, table in sorted(tables.items()):
        content = ",\n".join("  " + json.dumps(row) for row in table)
        same = by_content.setdefault(content, name)
        blocks.append(f"{json.dumps(name)}: " + (json.dumps(same) if same != name else f"[\n{content}\n]"))
    lines.append(",\n".join(blocks))
    return "\n".join(lines) + "\n}}\n"


def main() -> None:
    parser = argparse.ArgumentParser(description="Record the plugins of a real Kafka Connect worker.")
    parser.add_argument("url", help="a worker's URL, such as http://127.0.0.1:8083")
    print(record(parser.parse_args().url.rstrip("/")))


if __name__ == "__main__":
    main()

# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the RETURN block of every module from docs/development/returns/.

``python -m testing.tooling.returns`` rewrites the blocks, ``--check`` fails and shows a diff when one is stale.
Modules share most of their results, and ansible-core 2.16 has no documentation fragments for RETURN (2.21 has), so the
blocks are generated. Never edit them in the modules.

``shared.yml`` holds shared fields, ``<module>.yml`` the results of one module. In both, a field is either written out as in
RETURN, or says where it comes from:

``shared``
    Name of a piece. All other keys of the field override those of the piece, `contains` field by field.
``without``
    Fields below `contains` that this module does not return.

A dict or list of dicts without a ``sample`` gets one, made of the samples of its fields that are always returned. A value
``{recorded: NAME}`` is replaced by what a real task returned, see return_samples.py.
"""

from __future__ import annotations

import argparse
import difflib
import os
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml

from testing.sandbox.environment import CHECKOUT, collections_path

SOURCES = CHECKOUT / "docs" / "development" / "returns"
MODULES = CHECKOUT / "plugins" / "modules"
WIDTH = 118
ORDER = ("description", "type", "elements", "returned", "choices", "contains", "sample")
_BLOCK = re.compile(r'^RETURN = r"""\n.*?^"""\n', re.DOTALL | re.MULTILINE)

Field = dict[str, Any]


class SourceError(Exception):
    """An invalid source. The message names the field."""


class _Dumper(yaml.SafeDumper):
    """Indents lists below their key, writes short samples and choices in one line, and repeats instead of aliasing."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> Any:  # noqa: ARG002  # never indentless
        return super().increase_indent(flow, indentless=False)

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002  # of no value
        return True


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    node = yaml.SafeDumper.represent_str(dumper, text)
    if len(text) > 80 and "\n" not in text and (": " in text or " #" in text or text[0] in "'\"[{*&!|>%@`-?:,#"):
        node.style = ">"
    elif "\n" in text:
        node.style = "|"
    return node


_Dumper.add_representer(str, _represent_text)


class _InOneLine(dict[str, Any]):
    """A mapping that is short enough for one line."""


def _represent_in_one_line(dumper: yaml.SafeDumper, value: _InOneLine) -> yaml.MappingNode:
    return dumper.represent_mapping("tag:yaml.org,2002:map", value, flow_style=True)


class _ListInOneLine(list[Any]):
    """The same for a list."""


def _represent_list_in_one_line(dumper: yaml.SafeDumper, value: _ListInOneLine) -> yaml.SequenceNode:
    return dumper.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=True)


_Dumper.add_representer(_InOneLine, _represent_in_one_line)
_Dumper.add_representer(_ListInOneLine, _represent_list_in_one_line)


def render(module: str, look_up: Callable[[str], Any], sources: Path = SOURCES) -> str:
    """The text of a module's RETURN, without the quotes around it. Raises SourceError."""
    pieces, fields = _read(sources / "shared.yml"), _read(sources / f"{module}.yml")
    resolved = {name: _finished(_resolved(field, pieces, name), look_up, name) for name, field in fields.items()}
    dumped = yaml.dump(
        resolved, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=WIDTH, default_flow_style=False
    )
    return str(dumped)


def _read(path: Path) -> dict[str, Field]:
    fields: dict[str, Field] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return fields


def _resolved(field: Field, pieces: Mapping[str, Field], path: str) -> Field:
    """The field with all pieces put in."""
    own = {key: value for key, value in field.items() if key not in ("shared", "without")}
    base: Field = {}
    if "shared" in field:
        if field["shared"] not in pieces:
            raise SourceError(f'{path}: there is no shared piece "{field["shared"]}"')
        base = _resolved(pieces[field["shared"]], pieces, path)
    contains = dict(base.get("contains", {}))
    for name in field.get("without", ()):
        if name not in contains:
            raise SourceError(f'{path}: without "{name}", which the piece does not have')
        del contains[name]
    for name, more in own.pop("contains", {}).items():
        merged = {**contains.get(name, {}), **more} if "shared" not in more else more
        if "contains" in more and name in contains:
            merged["contains"] = _overridden(contains[name], more, pieces, f"{path}.{name}")
        contains[name] = _resolved(merged, pieces, f"{path}.{name}")
    return {**base, **own, **({"contains": contains} if contains else {})}


def _overridden(field: Field, more: Field, pieces: Mapping[str, Field], path: str) -> Field:
    below: Field = _resolved({"contains": {**field.get("contains", {})}}, pieces, path)["contains"]
    for name, change in more["contains"].items():
        below[name] = _resolved({**below.get(name, {}), **change}, pieces, f"{path}.{name}")
    return below


def _finished(field: Field, look_up: Callable[[str], Any], path: str) -> Field:
    """The field with recorded values and composed samples, its keys in the usual order."""
    unknown = field.keys() - set(ORDER)
    missing = {"description", "type", "returned"} - field.keys()
    if unknown or missing:
        raise SourceError(f"{path}: unknown {sorted(unknown)}, missing {sorted(missing)}")
    done = {key: value for key, value in field.items() if key != "contains"}
    if "contains" in field:
        below = {name: _finished(entry, look_up, f"{path}.{name}") for name, entry in field["contains"].items()}
        done["contains"] = below
        if "sample" not in done:
            sample = {name: entry["sample"] for name, entry in below.items() if entry["returned"] == "always"}
            done["sample"] = [sample] if done["type"] == "list" else sample
    if "sample" not in done:
        raise SourceError(f"{path}: has no sample")
    done["sample"] = _compact(_with_recorded(done["sample"], look_up, path))
    if "choices" in done and len(", ".join(map(str, done["choices"]))) < 90:
        done["choices"] = _ListInOneLine(done["choices"])
    return {key: done[key] for key in ORDER if key in done}


def _with_recorded(value: Any, look_up: Callable[[str], Any], path: str) -> Any:
    if isinstance(value, dict) and value.keys() == {"recorded"}:
        try:
            return look_up(value["recorded"])
        except KeyError as error:
            raise SourceError(f"{path}: nothing was recorded for {error}") from None
    if isinstance(value, dict):
        return {key: _with_recorded(entry, look_up, path) for key, entry in value.items()}
    if isinstance(value, list):
        return [_with_recorded(entry, look_up, path) for entry in value]
    return value


def _compact(value: Any) -> Any:
    """Flat mappings and lists that are short become one line."""
    if isinstance(value, dict):
        inner = {key: _compact(entry) for key, entry in value.items()}
        return _InOneLine(inner) if _is_short(inner) else inner
    if isinstance(value, list):
        entries = [_compact(entry) for entry in value]
        return _ListInOneLine(entries) if _is_short(entries) else entries
    return value


def _is_short(value: Any) -> bool:
    return len(repr(value)) < 80 and (not isinstance(value, list) or all(not isinstance(one, dict) for one in value))


def with_block(text: str, returned: str) -> str:
    """The text of a module's file with this RETURN. Raises SourceError when there is no block to replace."""
    if '"""' in returned:
        raise SourceError('a text holds """, which ends the block')
    changed, count = _BLOCK.subn(lambda _match: f'RETURN = r"""\n{returned}"""\n', text)
    if count != 1:
        raise SourceError(f"{count} RETURN blocks")
    return changed


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m testing.tooling.returns", description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="change nothing, fail when a block is stale")
    check = parser.parse_args(arguments).check
    os.environ.setdefault("ANSIBLE_COLLECTIONS_PATH", str(collections_path()))
    from testing.tooling.return_samples import look_up, record

    results = record()
    stale = 0
    for path in sorted(MODULES.glob("*.py")):
        before = path.read_text(encoding="utf-8")
        try:
            after = with_block(before, render(path.stem, lambda name: look_up(results, name)))
        except SourceError as error:
            sys.exit(f"{path.stem}: {error}")
        if before == after:
            continue
        stale += 1
        if check:
            name = str(path.relative_to(CHECKOUT))
            sys.stdout.writelines(difflib.unified_diff(before.splitlines(True), after.splitlines(True), name, name))
        else:
            path.write_text(after, encoding="utf-8")
    if stale:
        print(f"{stale} RETURN blocks " + ("are stale: run make returns" if check else "rewritten"))
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())

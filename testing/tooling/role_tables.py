# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Updates the tables of variables in the READMEs of roles from meta/argument_specs.yml.

``python -m testing.tooling.role_tables`` rewrites them; with ``--check`` it changes nothing and fails if one is out of date.

A table of variables has exactly the columns variable, default and description. You decide which table lists a variable, and in which
order: add a row with the name alone, ``| `rolling_url` | | |``, and run the program. It writes the description (the first
sentence in argument_specs.yml) and the default. If a variable has no default in argument_specs.yml, you may write into that
column what applies instead, such as the name of an environment variable.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import Any

import yaml

from testing.sandbox.environment import CHECKOUT

ROLES = ("connectors", "diagnose", "heal", "jmx", "plugins", "rolling", "support", "worker")
_TABLE = re.compile(r"(?<=^\| variable \| default \| description \|\n)(?:\|.*\n?)+", flags=re.MULTILINE)
_ROW = re.compile(r"\| `(?P<name>\w+)` \|(?P<default>(?:[^|\\\n]|\\.)*)\|(?:[^|\\\n]|\\.)*\|")
_FIRST_SENTENCE = re.compile(r".+?\.(?=\s|$)")
# What ansible-doc makes of C(), V(), E(), O(), RV(), M() and P(), see "Ansible markup" in the Ansible developer guide.
_MARKUP = re.compile(r"\b(?P<kind>C|V|E|O|RV|M|P)\((?P<text>(?:[^()\\]|\\.|\([^()]*\))*)\)")


class StaleTable(Exception):
    """The table lists something else than the argument specs; the message names role and variables."""


def options_of(role: str) -> dict[str, dict[str, Any]]:
    """The options of all entry points by name, as argument_specs.yml has them."""
    text = (CHECKOUT / "roles" / role / "meta" / "argument_specs.yml").read_text(encoding="utf-8")
    specs = yaml.safe_load(text)["argument_specs"]
    return {name: option for spec in specs.values() for name, option in spec["options"].items()}


def readme_of(role: str) -> Path:
    return CHECKOUT / "roles" / role / "README.md"


def updated(role: str, text: str) -> str:
    """`text` of the README with up-to-date rows. Raises StaleTable unless each variable has exactly one row."""
    options = options_of(role)
    listed: list[str] = []

    def row(found: re.Match[str]) -> str:
        name = found["name"]
        listed.append(name)
        if name not in options:
            return found[0]
        description = cell(first_sentence(options[name]["description"]))
        return f"| `{name}` | {default(options[name], found['default'].strip())} | {description} |"

    result = _TABLE.sub(lambda table: _ROW.sub(row, table[0]), text)
    if wrong := [name for name in sorted({*options, *listed}) if (name in options) != listed.count(name)]:
        raise StaleTable(f"README of role {role}: list each variable of argument_specs.yml once: {', '.join(wrong)}")
    return result


def default(option: dict[str, Any], current: str) -> str:
    """The cell with the default; `current` is what the README has."""
    if option.get("required"):
        return "required"
    if "default" not in option:
        return current or "none"
    value = option["default"]
    if value in ([], {}, ""):
        return "empty"
    if isinstance(value, list):
        return cell(f"`{', '.join(map(str, value))}`")
    return cell(f"`{str(value).lower() if isinstance(value, bool) else value}`")


def first_sentence(description: str | list[str]) -> str:
    first = description if isinstance(description, str) else description[0]
    found = _FIRST_SENTENCE.match(first)
    return markdown(found[0] if found else first)


def markdown(text: str) -> str:
    """Ansible markup as Markdown. An option or result of another plugin becomes "`option` of `plugin`"."""

    def code(found: re.Match[str]) -> str:
        owner, _colon, name = found["text"].rpartition(":") if found["kind"] in ("O", "RV") else ("", "", found["text"])
        plugin = owner.partition("#")[0].rpartition(".")[2] if "#" in owner else ""
        return f"`{name.partition('#')[0]}`" + (f" of `{plugin}`" if plugin else "")

    return _MARKUP.sub(code, text)


def cell(text: str) -> str:
    return text.replace("|", "\\|")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m testing.tooling.role_tables")
    parser.add_argument("--check", action="store_true", help="change nothing, and fail if a table is out of date")
    check = parser.parse_args(arguments).check
    failed = False
    for role in ROLES:
        readme = readme_of(role)
        text = readme.read_text(encoding="utf-8")
        try:
            new = updated(role, text)
        except StaleTable as problem:
            print(problem, file=sys.stderr)
            failed = True
            continue
        if new != text and check:
            print(
                f"{readme.relative_to(CHECKOUT)}: out of date; run python -m testing.tooling.role_tables",
                file=sys.stderr,
            )
            failed = True
        elif new != text:
            readme.write_text(new, encoding="utf-8")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

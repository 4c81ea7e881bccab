# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The checks of new configs before the first write: plugins, keys, the worker's own validation, secrets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches

from ..errors import ConnectError, Problem, RequestError
from ..model import Config
from ..parallel import in_parallel
from ..rest.api import Api
from ..rest.plugins import Plugin, Validation, definitions_of, validate_config
from ..run import counted
from ..secrets import literal_secret_keys, mask_text, secret_values, unresolved
from ..snapshot.cluster import Cluster
from ..snapshot.plugins import plugins_by_worker
from .change import Change
from .checked import Checked, Definitions
from .error_handling import handling_problem
from .known_keys import referenced_plugins, unknown_keys
from .run_options import Checks


def check_changes(cluster: Cluster, changes: Iterable[Change], checks: Checks) -> Checked:
    """Checks all changes that write a config, and collects every problem of every connector."""
    checked = Checked()
    writing = [change for change in changes if change.writes_config and change.after is not None]
    if not writing:
        return checked
    cluster.run.busy_with(f"checking {counted(len(writing), 'config')}: reading the plugins")
    installed = plugins_by_worker(cluster, checks.max_parallel)
    present = [change for change in writing if _plugin_present(change, installed, checked)]
    known = {
        alias: plugin for plugins in installed.values() for plugin in plugins for alias in aliases(plugin.plugin_class)
    }
    if checks.validate != "none":
        _read_definitions(cluster.api, present, checked, checks.max_parallel)
        for change in present:
            _check_keys(change, known, checked, checks)
        _validate(cluster.api, present, checked, checks.max_parallel)
    if checks.warn_literal_secrets:
        for change in present:
            _warn_of_literal_secrets(change, checked)
    for change in present:
        plugin = known.get((change.after or {})["connector.class"])
        if plugin is not None and (problem := handling_problem(change.after or {}, plugin.type)):
            checked.warnings.append(f'connector "{change.name}": {problem}')
    return checked


def aliases(plugin_class: str) -> tuple[str, ...]:
    """The names by which Connect finds a plugin: class, simple name, simple name without its kind (PluginUtils)."""
    simple = plugin_class.rsplit(".", 1)[-1].rsplit("$", 1)[-1]
    names = [plugin_class, simple]
    for suffix in ("Connector", "Converter", "Transformation", "Predicate"):
        if simple.endswith(suffix) and simple != suffix:
            names.append(simple[: -len(suffix)])
    return tuple(names)


def _plugin_present(change: Change, installed: Mapping[str, Sequence[Plugin]], checked: Checked) -> bool:
    plugin_class = (change.after or {}).get("connector.class", "")
    if not plugin_class:
        checked.add(
            Problem(
                f'connector "{change.name}": key "connector.class" is missing: add the plugin\'s class',
                change.name,
                "connector.class",
            )
        )
        return False
    if change.before is not None and change.before.plugin_class == plugin_class:
        return True
    lacking = [
        url
        for url, plugins in installed.items()
        if not any(plugin_class in aliases(plugin.plugin_class) for plugin in plugins)
    ]
    if not lacking:
        return True
    connectors = sorted(
        {
            plugin.plugin_class
            for plugins in installed.values()
            for plugin in plugins
            if plugin.type in ("source", "sink")
        }
    )
    if len(lacking) == len(installed):
        names = {alias: full for full in connectors for alias in aliases(full)}
        near = sorted({names[match] for match in get_close_matches(plugin_class, names, n=3, cutoff=0.6)})
        fix = f"did you mean {' or '.join(near)}?" if near else "install it on every worker and restart them"
        where = "is not installed on any worker"
    else:
        fix, where = "install it there and restart that worker", f"is not installed on {', '.join(lacking)}"
    checked.add(
        Problem(
            f'connector "{change.name}": key "connector.class": plugin {plugin_class} {where}: {fix}',
            change.name,
            "connector.class",
        )
    )
    return False


def _read_definitions(api: Api, changes: Sequence[Change], checked: Checked, limit: int) -> None:
    """Reads the definitions of every plugin that the configs name, once each."""
    requested: set[tuple[str, str]] = set()
    for change in changes:
        config = change.after or {}
        requested.add((config["connector.class"], config.get("connector.plugin.version", "")))
        requested |= {
            (name, config.get(f"{prefix}plugin.version", "")) for prefix, name in referenced_plugins(config).items()
        }
    for key, answer in in_parallel(api.run, lambda pair: definitions_of(api, *pair), sorted(requested), limit):
        if isinstance(answer, RequestError):
            checked.warnings.append(f"the keys of {key[0]} can't be read, so they are not checked ({answer.reason})")
            checked.definitions[key] = None
        elif isinstance(answer, ConnectError):
            raise answer
        else:
            checked.definitions[key] = answer


def _check_keys(change: Change, installed: Mapping[str, Plugin], checked: Checked, checks: Checks) -> None:
    config = change.after or {}
    plugin_class = config["connector.class"]
    own = checked.definitions.get((plugin_class, config.get("connector.plugin.version", "")))
    if own is None:
        return
    parts = {
        prefix: checked.definitions.get((name, config.get(f"{prefix}plugin.version", "")))
        for prefix, name in referenced_plugins(config).items()
    }
    checked.password_keys[change.name] = _password_keys(own, parts)
    listed = installed[plugin_class].type if plugin_class in installed else "unknown"
    kind = change.before.type if change.before is not None else listed
    full_names = {alias: plugin.plugin_class for alias, plugin in installed.items()}
    patterns = (*checks.known_keys, *change.known_keys)
    for unknown in unknown_keys(config, own, kind, parts, patterns, full_names):
        problem_text = f": {unknown.reason}" if unknown.reason else f" is unknown to {unknown.plugin or plugin_class}"
        hint = f'did you mean "{unknown.nearest}"?' if unknown.nearest else "remove it, or add it to known_keys"
        problem = Problem(
            f'connector "{change.name}": key "{unknown.key}"{problem_text}: {hint}', change.name, unknown.key
        )
        if checks.validate == "strict":
            checked.add(problem)
        else:
            checked.warnings.append(problem.text)


def _password_keys(own: Definitions, parts: Mapping[str, Definitions | None]) -> frozenset[str]:
    keys = {name for name, definition in own.items() if definition.type == "PASSWORD"}
    for prefix, definitions in parts.items():
        keys |= {prefix + name for name, definition in (definitions or {}).items() if definition.type == "PASSWORD"}
    return frozenset(keys)


def _validate(api: Api, changes: Sequence[Change], checked: Checked, limit: int) -> None:
    def validate(change: Change) -> Validation:
        config = change.after or {}
        return validate_config(api, config["connector.class"], config)

    skipped = False
    for number, (change, answer) in enumerate(in_parallel(api.run, validate, changes, limit), 1):
        api.run.busy_with(f"checked {number} of {counted(len(changes), 'config')}")
        if isinstance(answer, RequestError) and answer.kind in ("authentication_failed", "not_permitted"):
            skipped = True
        elif isinstance(answer, RequestError):
            masked = _mask(answer.message, change, checked, frozenset())
            answer.message = f'connector "{change.name}": {masked}'
            checked.errors[change.name] = answer
        elif isinstance(answer, ConnectError):
            raise answer
        else:
            _collect(change, answer, checked)
    if skipped:
        checked.warnings.append("validation was skipped: these credentials may only read")


def _collect(change: Change, validation: Validation, checked: Checked) -> None:
    checked.password_keys[change.name] = checked.password_keys.get(change.name, frozenset()) | validation.password_keys
    for entry in validation.fields:
        for text in entry.errors:
            masked = _mask(" ".join(text.split()), change, checked, validation.resolved_secrets)
            checked.add(Problem(f'connector "{change.name}": key "{entry.name}": {masked}', change.name, entry.name))


def _mask(text: str, change: Change, checked: Checked, resolved: frozenset[str]) -> str:
    config: Config = change.after or {}
    secrets = secret_values(config, checked.password_keys.get(change.name, frozenset())) | resolved
    return mask_text(unresolved(text, config), secrets)


def _warn_of_literal_secrets(change: Change, checked: Checked) -> None:
    config = change.after or {}
    typed = checked.password_keys.get(change.name, frozenset())
    literal = [key for key in literal_secret_keys(config, typed) if key in typed]
    if literal:
        checked.warnings.append(
            f'connector "{change.name}": {", ".join(literal)} hold{"s" if len(literal) == 1 else ""} a '
            "secret in clear text, visible to "
            "everyone who may read the REST API or the config topic: use a config provider's "
            "reference (${provider:path:key})"
        )

# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Exports a live cluster to files that the `connectors` module reads, with references in place of secrets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches, unified_diff
from typing import Any, Literal
from urllib.parse import quote

from ..errors import ConnectError, InputError, Problem, RequestError
from ..masked import MASK, is_masked
from ..model import Config, Connector, Snapshot
from ..parallel import in_parallel
from ..patterns import any_match, is_pattern
from ..planning.known_keys import referenced_plugins
from ..reporting.report import Report
from ..reporting.run_summary import files_summary
from ..rest.plugins import KeyDefinition, definitions_of
from ..run import counted
from ..secret_keys import is_reference
from ..secrets import mask_config, mask_text, secret_values
from ..snapshot.cluster import Cluster, is_unsettled
from .export_files import Planned, file_stem, plan_file, refuse_duplicates, render_connector, render_secrets, write_file

PARALLEL_REQUESTS = 8
SECRETS_VARIABLE = "connectors_secret_overrides"

Definitions = Mapping[str, KeyDefinition]


@dataclass(frozen=True)
class ExportOptions:
    """What to write, and where. `names`: names and patterns, empty for all.

    `secret_reference` contains `{connector}` and `{key}`. `secrets_dest` is empty if no file gets the values.
    `state`: whether to include paused and stopped. `backup`: whether to keep a copy of a file that differs.
    """

    dest: str
    secret_reference: str
    names: tuple[str, ...] = ()
    format: Literal["json", "yaml"] = "json"
    secrets_dest: str = ""
    state: bool = True
    backup: bool = True


@dataclass(frozen=True)
class Exported:
    """One connector as the file has it: `config` with references, the `secrets` that they replace, and `masked_keys` whose
    values the worker does not show.
    """

    name: str
    config: Config
    state: str
    secrets: Config
    masked_keys: tuple[str, ...]


def export_connectors(cluster: Cluster, options: ExportOptions, *, check_mode: bool) -> Report:
    """`files`, `secrets_file` and `diff` of connector_export. Raises InputError before it writes anything."""
    check_reference(options.secret_reference)
    stored = _choose(cluster, options)
    report = export_stored(cluster, stored, options, check_mode=check_mode)
    report.warnings = [*cluster.warnings, *report.warnings]
    return report


def export_stored(
    cluster: Cluster | None, stored: Sequence[Connector], options: ExportOptions, *, check_mode: bool
) -> Report:
    """The same for these connectors, wherever they come from. `cluster` knows which keys of their plugins are secret; without it,
    the names of keys decide. The warnings are those about the files.
    """
    password_keys = (
        _password_keys(cluster, stored) if cluster else {connector.name: frozenset() for connector in stored}
    )
    exported = [_export(connector, password_keys[connector.name], options) for connector in stored]
    _refuse_collisions(exported, options.secret_reference)
    suffix = ".json" if options.format == "json" else ".yml"
    stems = {item.name: file_stem(item.name) for item in exported}
    refuse_duplicates(options.dest, stems, suffix)
    planned = {
        item.name: plan_file(
            options.dest,
            stems[item.name] + suffix,
            render_connector(item.name, item.config, item.state, options.format),
        )
        for item in exported
    }
    secrets_file = _plan_secrets(exported, options)
    texts = {
        connector.name: secret_values(connector.config or {}, password_keys[connector.name]) for connector in stored
    }
    diff = [_diff(file, texts[name]) for name, file in planned.items() if file.changed]
    backups = {}
    if not check_mode:
        backups = {name: write_file(file, backup=options.backup) for name, file in planned.items() if file.changed}
        if secrets_file is not None and secrets_file.changed:
            write_file(secrets_file, backup=False)
    files = [_entry(item, planned[item.name], backups.get(item.name, "")) for item in exported]
    extra: dict[str, Any] = {"files": files, "dest": options.dest, "diff": diff}
    changed = bool(diff)
    if secrets_file is not None:
        extra["secrets_file"] = str(secrets_file.path)
        changed = changed or secrets_file.changed
    if changed:
        written = [name for name, file in planned.items() if file.changed]
        extra["msg"] = files_summary(written, extra.get("secrets_file", ""), check_mode=check_mode)
    return Report(changed=changed, warnings=list(_warnings(exported)), extra=extra)


def reference_for(template: str, name: str, key: str) -> str:
    """The reference to one secret; characters that a reference can't contain are percent-encoded."""
    return template.replace("{connector}", quote(name, safe="")).replace("{key}", quote(key, safe=""))


def check_reference(template: str) -> None:
    """Raise InputError unless config providers can resolve references of this form."""
    sample = reference_for(template, "connector", "key")
    if not is_reference(sample) or "\n" in sample or "{key}" not in template:
        raise InputError(
            [
                Problem(
                    f'secret_reference "{template}" is not a reference to a config provider: write it as '
                    "${provider:path:key}, with {key} in it, and {connector} if connectors share the path"
                )
            ]
        )


def _choose(cluster: Cluster, options: ExportOptions) -> list[Connector]:
    snapshot = cluster.read()
    plain = [name for name in options.names if not is_pattern(name)]
    if not snapshot.connectors or any(name not in snapshot.connectors for name in plain):
        snapshot = cluster.read_when_ready(plain)
    missing = [name for name in plain if name not in snapshot.connectors]
    if missing:
        raise InputError(Problem(_missing(name, snapshot), name) for name in missing)
    if options.state:
        chosen = [connector.name for connector in _matching(options.names, snapshot) if is_unsettled(connector)]
        snapshot = cluster.read_until_settled(snapshot, chosen, is_unsettled)
    chosen_now = _matching(options.names, snapshot)
    for pattern in options.names:
        if is_pattern(pattern) and not _matching([pattern], snapshot):
            cluster.warnings.append(f'pattern "{pattern}" matches no connector')
    return chosen_now


def _missing(name: str, snapshot: Snapshot) -> str:
    near = get_close_matches(name, snapshot.connectors, n=1)
    fix = f'did you mean "{near[0]}"?' if near else "correct the name"
    return f'connector "{name}" does not exist: {fix}'


def _matching(names: Sequence[str], snapshot: Snapshot) -> list[Connector]:
    matches = any_match(names or ["*"])
    return [
        connector
        for name, connector in sorted(snapshot.connectors.items())
        if connector.config is not None and (name in names or matches(name))
    ]


def _password_keys(cluster: Cluster, connectors: Iterable[Connector]) -> dict[str, frozenset[str]]:
    """The keys of type PASSWORD, by connector. If definitions can't be read, a warning says that names decide."""
    parts = {connector.name: _plugins_of(connector.config or {}) for connector in connectors}
    referenced = sorted({plugin for plugins in parts.values() for plugin in plugins.values()})
    run, api = cluster.run, cluster.api
    found: dict[tuple[str, str], Definitions | None] = {}
    run.busy_with(f"reading the keys of {counted(len(referenced), 'plugin')}")
    for plugin, answer in in_parallel(run, lambda pair: definitions_of(api, *pair), referenced, PARALLEL_REQUESTS):
        if isinstance(answer, ConnectError) and not isinstance(answer, RequestError):
            raise answer
        found[plugin] = None if isinstance(answer, RequestError) else answer
        if found[plugin] is None:
            cluster.warnings.append(f"the keys of {plugin[0]} can't be read: their names decide which hold secrets")
    return {
        name: frozenset(
            prefix + key
            for prefix, plugin in plugins.items()
            for key, definition in (found[plugin] or {}).items()
            if definition.type == "PASSWORD"
        )
        for name, plugins in parts.items()
    }


def _plugins_of(config: Config) -> dict[str, tuple[str, str]]:
    """(class, version) by the prefix of the plugin's keys; the connector itself has none."""
    own = {"": (config.get("connector.class", ""), config.get("connector.plugin.version", ""))}
    parts = {
        prefix: (plugin, config.get(f"{prefix}plugin.version", ""))
        for prefix, plugin in referenced_plugins(config).items()
    }
    return own | parts


def _export(connector: Connector, password_keys: frozenset[str], options: ExportOptions) -> Exported:
    config = {key: value for key, value in (connector.config or {}).items() if key != "name"}
    masked = mask_config(config, password_keys)
    secrets = {key: value for key, value in config.items() if masked[key] != value}
    # The replacement of a masking transform looks masked, but is its real value.
    hidden = tuple(sorted(k for k, value in config.items() if is_masked(value) and not k.endswith(".replacement")))
    references = {key: reference_for(options.secret_reference, connector.name, key) for key in (*secrets, *hidden)}
    state = connector.state.lower() if options.state and connector.is_idle else ""
    return Exported(connector.name, {**config, **references}, state, secrets, hidden)


def _refuse_collisions(exported: Iterable[Exported], template: str) -> None:
    """Raise InputError if two different secrets would get one reference."""
    seen: dict[str, tuple[str, str, str]] = {}
    for item in exported:
        for key, value in item.secrets.items():
            name, other, known = seen.setdefault(reference_for(template, item.name, key), (item.name, key, value))
            if known != value:
                raise InputError(
                    [
                        Problem(
                            f'connector "{item.name}": key "{key}" would have the same reference as key "{other}" of '
                            f'"{name}", which holds another secret: put {{connector}} and {{key}} into secret_reference',
                            item.name,
                            key,
                        )
                    ]
                )


def _plan_secrets(exported: Iterable[Exported], options: ExportOptions) -> Planned | None:
    if not options.secrets_dest:
        return None
    secrets = {item.name: item.secrets for item in exported if item.secrets}
    planned = plan_file("", options.secrets_dest, render_secrets(SECRETS_VARIABLE, secrets))
    if planned.before.startswith("$ANSIBLE_VAULT;"):
        raise InputError(
            [
                Problem(
                    f"secrets_dest {options.secrets_dest} is vaulted, and clear text would replace it: name a new file"
                )
            ]
        )
    return planned


def _diff(file: Planned, secrets: frozenset[str]) -> dict[str, str]:
    """Ansible's diff in its prepared form. The existing file may contain secrets that no connector has any more."""
    after = file.after.splitlines(keepends=True)
    harmless = {*after, *mask_text(file.before, secrets).splitlines(keepends=True)}
    before = [line if line in harmless else f"{MASK}\n" for line in file.before.splitlines(keepends=True)]
    previous = str(file.path) if file.exists else "/dev/null"
    return {"prepared": "".join(unified_diff(before, after, previous, str(file.path)))}


def _entry(item: Exported, file: Planned, backup: str) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "name": item.name,
        "path": str(file.path),
        "changed": file.changed,
        "secret_keys": sorted(item.secrets),
        "masked_keys": list(item.masked_keys),
    }
    if item.state:
        entry["state"] = item.state
    if backup:
        entry["backup_file"] = backup
    return entry


def _warnings(exported: Iterable[Exported]) -> Iterable[str]:
    for item in exported:
        if item.masked_keys:
            yield (
                f'connector "{item.name}": the worker does not show the value of {", ".join(item.masked_keys)}: the '
                "file has a reference instead, take the value from its original source"
            )

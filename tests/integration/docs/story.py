# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Follows a document on a real cluster: writes its files, runs its commands and tasks, in order."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.arguments import ENVIRONMENT
from testing.metrics_server import MetricsServer
from testing.sandbox import Sandbox
from testing.sandbox.environment import CHECKOUT
from testing.sandbox.launch import log_file
from tests.integration.docs.markdown import Block, Command, commands

_FILE_LANGUAGES = ("yaml", "json", "ini", "properties")
_EXECUTED = frozenset(
    {
        "ansible",
        "ansible-doc",
        "ansible-inventory",
        "ansible-playbook",
        "ansible-vault",
        "cat",
        "curl",
        "echo",
        "export",
        "grep",
    }
    | {"ls", "mkdir", "mv", "printf", "python", "rm", "sed"}
)
_HOST_ROLES = ("jmx", "rolling", "worker")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class ExampleError(AssertionError):
    """An example does not do what its document says."""


Meanings = Callable[[], Sequence[tuple[str, str]]]
"""Pairs of documented text and its actual replacement: addresses, directories, names."""


@dataclass
class Story:
    """The state while following one document: the reader's working directory, replacements for documented addresses, the
    variables set so far, and the playbooks that ran. A command may take `limit` seconds.
    """

    folder: Path
    meanings: Meanings
    environment: dict[str, str] = field(default_factory=dict)
    limit: float = 120.0
    ran: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.environment.update(
            ANSIBLE_HOME=str(self.folder / ".ansible"),
            ANSIBLE_NOCOLOR="1",
            ANSIBLE_NOCOWS="1",
            ANSIBLE_CALLBACK_RESULT_FORMAT="yaml",
            ANSIBLE_LOCALHOST_WARNING="False",
            ANSIBLE_INVENTORY_UNPARSED_WARNING="False",
        )

    @classmethod
    def on_sandbox(cls, folder: Path, sandbox: Sandbox, metrics: MetricsServer) -> Story:
        """A story on a sandbox; `metrics` serves the metrics of the workers' agents and of the Prometheus server."""

        def meanings() -> list[tuple[str, str]]:
            return [
                *(
                    (f"connect-{number}.example.com:{port}", metrics.address)
                    for port in (9404, 8778)
                    for number in (1, 2, 3)
                ),
                ("prometheus.example.com:9090", metrics.address),
                *addresses(sandbox),
                ("MkU3OEVBNTcwNTJENDM2Qg", sandbox.kafka_cluster_id),
                ("--name demo", f"--name {sandbox.name}"),
                # Nothing happens meanwhile that a longer time would show.
                ("observe: 130s", "observe: 3s"),
            ]

        return cls(folder, meanings, {"KAFKA_CONNECT_URL": ",".join(sandbox.urls)})

    def here(self, text: str) -> str:
        """Documented text with the actual addresses and directories."""
        for documented, actual in self.meanings():
            text = text.replace(documented, actual)
        return text

    def there(self, text: str) -> str:
        """Actual output with the documented addresses and directories."""
        for documented, actual in self.meanings():
            text = text.replace(actual, documented)
        return text

    # -- the blocks ----------------------------------------------------------------------------------------------------

    def follow(self, block: Block) -> None:
        """Do what a reader does with this block. Raises ExampleError if the result differs from the document."""
        if block.file:
            self._write(block)
        elif block.language == "console":
            for command in commands(block):
                self.run(command, str(block))
        elif block.language == "yaml":
            self._check_yaml(block)
        else:
            raise ExampleError(f"{block}: no rule for a block of language {block.language!r} without a file name")

    def _write(self, block: Block) -> None:
        if block.language not in _FILE_LANGUAGES:
            raise ExampleError(f"{block}: {block.file} has language {block.language!r}, not one of {_FILE_LANGUAGES}")
        path = self.folder / block.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.here(block.text), encoding="utf-8")
        if block.file.startswith(".github/"):
            self._workflow(block)

    def _check_yaml(self, block: Block) -> None:
        """Run tasks, and plan with variables of the role connectors. Compare variables of other roles, and a credential type,
        with the existing options.
        """
        value = yaml.load(block.text, Loader=_Tolerant)  # a SafeLoader with Ansible's own tags
        if isinstance(value, list) and all(isinstance(entry, dict) and "hosts" not in entry for entry in value):
            self._play_tasks(block)
        elif isinstance(value, dict) and all(key.startswith("connectors_") for key in value):
            file = self.folder / f"variables-{block.line}.yml"
            file.write_text(self.here(block.text), encoding="utf-8")
            self.run(Command(f"ansible-playbook streamops.kafka_connect.plan -e @{file.name}", ()), str(block))
        elif isinstance(value, dict) and (role := _role_of(value)):
            check_variables(role, value, str(block))
        elif isinstance(value, dict) and {"inputs", "injectors"} == value.keys():
            check_credential_type(value, str(block))
        else:
            raise ExampleError(f"{block}: neither tasks nor role variables nor a credential type")

    def _play_tasks(self, block: Block) -> None:
        file = self.folder / f"tasks-{block.line}.yml"
        tasks = "".join(f"    {line}" if line.strip() else line for line in self.here(block.text).splitlines(True))
        file.write_text(f"- hosts: localhost\n  gather_facts: false\n  tasks:\n{tasks}", encoding="utf-8")
        self.run(Command(f"ansible-playbook {file.name}", ()), str(block))

    def _workflow(self, block: Block) -> None:
        """Run the shell steps of a GitHub workflow."""
        for job in yaml.safe_load(self.here(block.text))["jobs"].values():
            for step in job["steps"]:
                for line in step.get("run", "").splitlines():
                    self.run(Command(line, ()), str(block))

    # -- commands ------------------------------------------------------------------------------------------------------

    def run(self, command: Command, origin: str) -> str:
        """Run a command, or check one that a test cannot run. Returns the output with the documented addresses."""
        words = shlex.split(command.text, comments=True)
        if words[0] in _EXECUTED:
            return self._execute(command, origin)
        if words[0] in _CHECKED:
            _CHECKED[words[0]](self, words, origin)
            return ""
        raise ExampleError(f"{origin}: no rule for the program {words[0]}")

    def _execute(self, command: Command, origin: str) -> str:
        """Run the command in a shell that also writes its variables, so that an `export` persists."""
        text, variables = self.here(command.text), self.folder / ".variables"
        directory = CHECKOUT if "-m testing." in text else self.folder
        ended = subprocess.run(
            ["bash", "-c", f"{text}\ncode=$?; env -0 > {shlex.quote(str(variables))}; exit $code"],
            cwd=directory,
            env={**_outside(), **self.environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=self.limit,
            check=False,
        )
        if text.startswith("export "):
            now = dict(entry.partition("=")[::2] for entry in variables.read_text(encoding="utf-8").split("\0"))
            self.environment.update({name: now[name] for name in now if name.startswith("KAFKA_CONNECT_")})
        output = self.there(_COLOUR.sub("", ended.stdout))
        if (ended.returncode != 0) != command.fails:
            expected = "fail" if command.fails else "succeed"
            raise ExampleError(f"{origin}: this command must {expected}:\n$ {command.text}\n{output}")
        missing = first_missing(command.shows, output)
        if missing is not None:
            raise ExampleError(
                f"{origin}: {missing!r} is missing after the lines before it:\n$ {command.text}\n{output}"
            )
        self.ran |= {word for word in shlex.split(text, comments=True) if word.endswith((".yml", ".yaml"))}
        return output


def addresses(sandbox: Sandbox) -> list[tuple[str, str]]:
    """The documented addresses of workers and brokers, and the directories of the first worker, with those of a sandbox."""
    workers = [url.split("//")[1] for url in sandbox.urls]
    return [
        *((f"connect-{number}.example.com:8083", address) for number, address in enumerate(workers, 1)),
        ("kafka-1.example.com:9092", sandbox.bootstrap_servers),
        ("/var/lib/kafka-connect/", f"{sandbox.files}/"),
        ("/var/log/kafka-connect/connect.log", str(log_file(sandbox.name, sandbox.workers[0].name))),
    ]


def agents_of(sandbox: Sandbox) -> MetricsServer:
    """Replaces the agents of the sandbox's workers: one server that reports a connector "orders" and all running tasks."""

    def tasks() -> list[tuple[str, int]]:
        statuses = sandbox.request("GET", "/connectors?expand=status")[1]
        running = {(name, task["id"]) for name, entry in statuses.items() for task in entry["status"]["tasks"]}
        return [("orders", 0), *sorted(running - {("orders", 0)})]

    return MetricsServer(tasks=tasks, rate=12.5)


def first_missing(shown: tuple[str, ...], output: str) -> str | None:
    """The first documented line that the output lacks after the lines before it. White space, the length of rules, times
    of day, and how long it is until then are ignored."""
    rest = _essence(output)
    for line in shown:
        _before, found, rest_after = rest.partition(_essence(line))
        if not found:
            return line
        rest = rest_after
    return None


def _essence(text: str) -> str:
    without_rules = re.sub(r"\*{3,}", "", text)
    without_times = re.sub(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d+)?Z| \d\d:\d\d:\d\d UTC)", "TIME", without_rules)
    without_times = re.sub(r"\buntil \d\d:\d\d:\d\d, \d+ s\b", "until TIME", without_times)
    return " ".join(without_times.split())


def _role_of(value: Mapping[str, Any]) -> str:
    """The host role that all of these variables belong to, or an empty string."""
    prefixes = {key.partition("_")[0] for key in value}
    return prefix if len(prefixes) == 1 and (prefix := prefixes.pop()) in _HOST_ROLES else ""


def check_variables(role: str, value: Mapping[str, Any], origin: str) -> None:
    """Raise ExampleError unless the role's argument specs accept these names and values."""
    specs = yaml.safe_load((CHECKOUT / "roles" / role / "meta" / "argument_specs.yml").read_text(encoding="utf-8"))
    options = {name: option for entry in specs["argument_specs"].values() for name, option in entry["options"].items()}
    # Missing variables are set elsewhere, or have a default, which may be a template.
    left_out = ("required", "default")
    specified = {
        name: {key: value for key, value in option.items() if key not in left_out} for name, option in options.items()
    }
    wrong = ArgumentSpecValidator(specified).validate(dict(value)).error_messages
    if wrong:
        raise ExampleError(f"{origin}: {'; '.join(wrong)}")


def check_credential_type(value: Mapping[str, Any], origin: str) -> None:
    """Raise ExampleError unless AWX sets variables that the collection reads, from fields that exist."""
    fields = {entry["id"] for entry in value["inputs"]["fields"]}
    for name, template in value["injectors"]["env"].items():
        if name not in ENVIRONMENT.values():
            raise ExampleError(f"{origin}: no option reads {name}")
        used = set(re.findall(r"{{ *(\w+) *}}", template))
        if not used or not used <= fields:
            raise ExampleError(f"{origin}: {name} uses {template}, but the fields are {sorted(fields)}")


def _outside() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("KAFKA_CONNECT_")}


def _check_make(_story: Story, words: list[str], origin: str) -> None:
    ended = subprocess.run(["make", "--dry-run", *words[1:]], cwd=CHECKOUT, capture_output=True, text=True, check=False)
    if ended.returncode:
        raise ExampleError(f"{origin}: {shlex.join(words)}: {ended.stderr}")


def _check_pip(_story: Story, words: list[str], origin: str) -> None:
    listed = (CHECKOUT / "meta" / "ee-requirements.txt").read_text(encoding="utf-8").splitlines()
    known = {re.split(r"[<>=! ]", line)[0] for line in listed if line and not line.startswith("#")} | {"ansible-core"}
    unknown = {word for word in words[2:] if not word.startswith("-")} - known
    if words[1] != "install" or unknown:
        raise ExampleError(f"{origin}: {shlex.join(words)}: meta/ee-requirements.txt lacks {sorted(unknown)}")


def _check_galaxy(story: Story, words: list[str], origin: str) -> None:
    metadata = yaml.safe_load((CHECKOUT / "galaxy.yml").read_text(encoding="utf-8"))
    known = f"{metadata['namespace']}.{metadata['name']}"
    named = [words[3]] if words[3] != "-r" else _collections(story.folder / words[4])
    if words[1:3] != ["collection", "install"] or known not in named:
        raise ExampleError(f"{origin}: {shlex.join(words)} does not install {known}")


def _collections(file: Path) -> list[str]:
    return [entry["name"] for entry in yaml.safe_load(file.read_text(encoding="utf-8"))["collections"]]


def _check_gh(story: Story, words: list[str], origin: str) -> None:
    body = story.folder / words[words.index("--body-file") + 1]
    if words[1:3] != ["pr", "comment"] or not body.is_file():
        raise ExampleError(f"{origin}: {shlex.join(words)}: there is no {body.name}")


_CHECKED: Mapping[str, Callable[[Story, list[str], str], None]] = {
    "make": _check_make,
    "pip": _check_pip,
    "ansible-galaxy": _check_galaxy,
    "gh": _check_gh,
}
"""Programs that would change the machine or need the network: their arguments are compared with the project."""


class _Tolerant(yaml.SafeLoader):
    """Reads values with Ansible's own tags (!vault, !unsafe) as plain scalars."""


_Tolerant.add_multi_constructor("!", lambda loader, _suffix, node: loader.construct_scalar(node))

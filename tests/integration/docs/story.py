# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A document told to a real cluster: its files are written, its commands run, its tasks played, in their order."""

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
    }
    | {"ls", "mkdir", "mv", "printf", "python", "rm", "sed"}
)
_HOST_ROLES = ("jmx", "rolling", "worker")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class ExampleError(AssertionError):
    """An example that does not do what its document says."""


Meanings = Callable[[], Sequence[tuple[str, str]]]
"""Pairs of what documents say and what that is here, now: addresses, directories, names."""


@dataclass
class Story:
    """One document under way: the directory its reader works in, what its words mean here, the variables set so far, what
    was played. A command may take `limit` seconds.
    """

    folder: Path
    meanings: Meanings
    environment: dict[str, str] = field(default_factory=dict)
    limit: float = 120.0
    played: set[str] = field(default_factory=set)

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
        """A story on a sandbox; `metrics` are its workers' agents and the Prometheus server."""

        def meanings() -> list[tuple[str, str]]:
            addresses = [url.split("//")[1] for url in sandbox.urls]
            return [
                *((f"connect-{number}.example.com:8083", address) for number, address in enumerate(addresses, 1)),
                *(
                    (f"connect-{number}.example.com:{port}", metrics.address)
                    for port in (9404, 8778)
                    for number in (1, 2, 3)
                ),
                ("prometheus.example.com:9090", metrics.address),
                ("kafka-1.example.com:9092", sandbox.bootstrap_servers),
                ("/var/lib/kafka-connect/", f"{sandbox.files}/"),
                ("MkU3OEVBNTcwNTJENDM2Qg", sandbox.kafka_cluster_id),
                ("--name demo", f"--name {sandbox.name}"),
            ]

        return cls(folder, meanings, {"KAFKA_CONNECT_URL": ",".join(sandbox.urls)})

    def here(self, text: str) -> str:
        """A text of a document with the addresses and directories that there are here."""
        for said, meant in self.meanings():
            text = text.replace(said, meant)
        return text

    def there(self, text: str) -> str:
        """What was printed here, with the addresses and directories that the documents use."""
        for said, meant in self.meanings():
            text = text.replace(meant, said)
        return text

    # -- the blocks ----------------------------------------------------------------------------------------------------

    def tell(self, block: Block) -> None:
        """Does what a reader does with this block; raises ExampleError when that does not go as the document says."""
        if block.file:
            self._write(block)
        elif block.language == "console":
            for command in commands(block):
                self.run(command, str(block))
        elif block.language == "yaml":
            self._understand(block)
        else:
            raise ExampleError(
                f"{block}: nobody knows how to try a block of language {block.language!r} without a file"
            )

    def _write(self, block: Block) -> None:
        if block.language not in _FILE_LANGUAGES:
            raise ExampleError(f"{block}: {block.file} has language {block.language!r}, not one of {_FILE_LANGUAGES}")
        path = self.folder / block.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.here(block.text), encoding="utf-8")
        if block.file.startswith(".github/"):
            self._workflow(block)

    def _understand(self, block: Block) -> None:
        """Tasks are played, variables of role connectors are planned with, those of other roles and a credential type are
        compared with the options there are.
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
            raise ExampleError(f"{block}: neither tasks, nor variables of the role, nor a credential type")

    def _play_tasks(self, block: Block) -> None:
        file = self.folder / f"tasks-{block.line}.yml"
        tasks = "".join(f"    {line}" if line.strip() else line for line in self.here(block.text).splitlines(True))
        file.write_text(f"- hosts: localhost\n  gather_facts: false\n  tasks:\n{tasks}", encoding="utf-8")
        self.run(Command(f"ansible-playbook {file.name}", ()), str(block))

    def _workflow(self, block: Block) -> None:
        """The shell steps of a workflow of GitHub, one after another."""
        for job in yaml.safe_load(self.here(block.text))["jobs"].values():
            for step in job["steps"]:
                for line in step.get("run", "").splitlines():
                    self.run(Command(line, ()), str(block))

    # -- commands ------------------------------------------------------------------------------------------------------

    def run(self, command: Command, origin: str) -> str:
        """Runs a command, or checks one that a test can't run; returns what it printed, in the documents' words."""
        words = shlex.split(command.text, comments=True)
        if words[0] in _EXECUTED:
            return self._execute(command, origin)
        if words[0] in _CHECKED:
            _CHECKED[words[0]](self, words, origin)
            return ""
        raise ExampleError(f"{origin}: nobody knows how to try the program {words[0]}")

    def _execute(self, command: Command, origin: str) -> str:
        """One shell runs it and tells its variables, so that an `export` lasts."""
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
        said = self.there(_COLOUR.sub("", ended.stdout))
        if (ended.returncode != 0) != command.fails:
            wanted = "fail" if command.fails else "succeed"
            raise ExampleError(f"{origin}: this must {wanted}:\n$ {command.text}\n{said}")
        missing = first_missing(command.shows, said)
        if missing is not None:
            raise ExampleError(
                f"{origin}: {missing!r} is not printed (after what is before it):\n$ {command.text}\n{said}"
            )
        self.played |= {word for word in shlex.split(text, comments=True) if word.endswith((".yml", ".yaml"))}
        return said


def agents_of(sandbox: Sandbox) -> MetricsServer:
    """Stands in for the agents of the sandbox's workers: one that tells of a connector "orders", and of all tasks that run."""

    def tasks() -> list[tuple[str, int]]:
        statuses = sandbox.request("GET", "/connectors?expand=status")[1]
        running = {(name, task["id"]) for name, entry in statuses.items() for task in entry["status"]["tasks"]}
        return [("orders", 0), *sorted(running - {("orders", 0)})]

    return MetricsServer(tasks=tasks, rate=12.5)


def first_missing(shown: tuple[str, ...], said: str) -> str | None:
    """The first shown line that is not in what was said, after those before it; white space, lengths of rules and
    times of day don't count."""
    rest = _essence(said)
    for line in shown:
        _before, found, rest_after = rest.partition(_essence(line))
        if not found:
            return line
        rest = rest_after
    return None


def _essence(text: str) -> str:
    without_rules = re.sub(r"\*{3,}", "", text)
    without_times = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "TIME", without_rules)
    return " ".join(without_times.split())


def _role_of(value: Mapping[str, Any]) -> str:
    """The role on hosts that all of these variables belong to, or nothing."""
    prefixes = {key.partition("_")[0] for key in value}
    return prefix if len(prefixes) == 1 and (prefix := prefixes.pop()) in _HOST_ROLES else ""


def check_variables(role: str, value: Mapping[str, Any], origin: str) -> None:
    """Names and values are those that the role's argument specs know."""
    specs = yaml.safe_load((CHECKOUT / "roles" / role / "meta" / "argument_specs.yml").read_text(encoding="utf-8"))
    options = {name: option for entry in specs["argument_specs"].values() for name, option in entry["options"].items()}
    # What is not given here is given elsewhere, or has a default, which may be a template.
    left_out = ("required", "default")
    wanted = {
        name: {key: said for key, said in option.items() if key not in left_out} for name, option in options.items()
    }
    wrong = ArgumentSpecValidator(wanted).validate(dict(value)).error_messages
    if wrong:
        raise ExampleError(f"{origin}: {'; '.join(wrong)}")


def check_credential_type(value: Mapping[str, Any], origin: str) -> None:
    """AWX puts what the fields hold into the variables that the collection reads."""
    fields = {entry["id"] for entry in value["inputs"]["fields"]}
    for name, template in value["injectors"]["env"].items():
        if name not in ENVIRONMENT.values():
            raise ExampleError(f"{origin}: no option is taken from {name}")
        used = set(re.findall(r"{{ *(\w+) *}}", template))
        if not used or not used <= fields:
            raise ExampleError(f"{origin}: {name} is made of {template}, the fields are {sorted(fields)}")


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
        raise ExampleError(f"{origin}: {shlex.join(words)}: meta/ee-requirements.txt has not {sorted(unknown)}")


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
"""Programs that would change the reader's machine or need the network: what they are asked for is compared with the
project."""


class _Tolerant(yaml.SafeLoader):
    """Reads Ansible's own tags (!vault, !unsafe) as what they stand before."""


_Tolerant.add_multi_constructor("!", lambda loader, _suffix, node: loader.construct_scalar(node))

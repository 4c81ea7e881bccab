# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds the documentation site: ``python -m testing.tooling.docsite FOLDER`` (session `docsite`).

antsibull-docs writes the reference of modules, filters and roles. The guides are Markdown; MyST includes them as they are in
the repository. Every warning is an error. The site is in FOLDER/build/html.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import zlib
from pathlib import Path

from testing.sandbox.environment import CHECKOUT

COLLECTION = "streamops.kafka_connect"
REPOSITORY = "https://github.com/streamops/kafka_connect"
PAGES = ("README.md", "docs/**/*.md", "roles/*/README.md")
"""The pages of the site besides the reference. Links between them stay inside the site, others lead to the repository.
"""

_PICTURES = "docs/images/*.svg"
_LINK = re.compile(r"(?P<start>\]\(|src=\"|srcset=\")(?P<path>[^)#\s:\"]+)(?P<anchor>#[^)\s\"]+)?(?P<end>\)|\")")
_FENCE = re.compile(r"^( *)(`{3,}).*?^\1\2`*$|`[^`\n]*`", re.DOTALL | re.MULTILINE)

_CONFIGURATION = """
extensions.append("myst_parser")
myst_heading_anchors = 4
myst_enable_extensions = ["attrs_inline"]
html_title = "streamops.kafka_connect"
# A build asks no other server: the labels of Ansible's own documentation are in the inventory beside this file.
intersphinx_mapping = {"ansible_devel": ("https://docs.ansible.com/projects/ansible/devel/", "../ansible.inv")}
suppress_warnings = [
    "myst.header",  # a page of the repository may begin with a comment or a picture
]
"""

_ANSIBLE_LABELS = {
    "action_plugins": "plugins/action.html#action-plugins",
    "ansible_collections.ansible.builtin.copy_module": "collections/ansible/builtin/copy_module.html",
    "ansible_collections.ansible.builtin.get_url_module": "collections/ansible/builtin/get_url_module.html",
    "ansible_collections.ansible.builtin.systemd_service_module": "collections/ansible/builtin/systemd_service_module.html",
    "ansible_collections.ansible.builtin.uri_module": "collections/ansible/builtin/uri_module.html",
    "ansible_configuration_settings": "reference_appendices/config.html#ansible-configuration-settings",
    "common_return_values": "reference_appendices/common_return_values.html#common-return-values",
}
"""The labels in Ansible's own documentation that the reference refers to. A missing label is a warning, and thus an
error.
"""

_INDEX = """.. _docsite_root_index:

streamops.kafka_connect
=======================

.. toctree::
   :maxdepth: 1
   :caption: Start

   README

.. toctree::
   :maxdepth: 1
   :caption: Guides
   :glob:

   docs/guides/*

.. toctree::
   :maxdepth: 1
   :caption: Stories
   :glob:

   docs/guides/stories/*

.. toctree::
   :maxdepth: 1
   :caption: Reference

   collection
   environment_variables

.. toctree::
   :maxdepth: 1
   :caption: Roles
   :glob:

   roles/*/README

.. toctree::
   :maxdepth: 1
   :caption: More
   :glob:

{more}
"""


def pages(root: Path = CHECKOUT) -> list[Path]:
    """The Markdown files of the site, relative to the checkout."""
    found = {path.relative_to(root) for pattern in PAGES for path in root.glob(pattern)}
    return sorted(page for page in found if page.parts[:2] != ("docs", "images"))


def for_site(text: str, page: Path, included: set[Path], root: Path = CHECKOUT) -> str:
    """A page's text, with links to pages outside of the site as links to the repository."""

    def rewritten(link: re.Match[str]) -> str:
        target = (root / page.parent / link["path"]).resolve()
        if not target.is_relative_to(root) or target.relative_to(root) in included:
            return link[0]
        kind = "tree" if target.is_dir() else "blob"
        return f"{link['start']}{REPOSITORY}/{kind}/main/{target.relative_to(root)}{link['anchor'] or ''}{link['end']}"

    parts, position = [], 0
    for code in _FENCE.finditer(text):
        parts += [_LINK.sub(rewritten, text[position : code.start()]), code[0]]
        position = code.end()
    return "".join([*parts, _LINK.sub(rewritten, text[position:])])


def prepare(folder: Path) -> None:
    """Writes the sources of the site into an empty folder."""
    _call("antsibull-docs", "sphinx-init", "--use-current", "--squash-hierarchy", "--fail-on-error", "--lenient",
          "--sphinx-theme", "alabaster", "--project", COLLECTION, "--title", COLLECTION, "--dest-dir", str(folder), COLLECTION)  # fmt: skip
    source = folder / "rst"
    source.chmod(0o755)
    included = set(pages()) | {path.relative_to(CHECKOUT) for path in CHECKOUT.glob(_PICTURES)}
    for page in sorted(included):
        target = source / page
        target.parent.mkdir(parents=True, exist_ok=True)
        if page.suffix == ".md":
            target.write_text(for_site((CHECKOUT / page).read_text(encoding="utf-8"), page, included), encoding="utf-8")
        else:
            shutil.copyfile(CHECKOUT / page, target)
    (folder / "ansible.inv").write_bytes(inventory(_ANSIBLE_LABELS))
    with (folder / "conf.py").open("a", encoding="utf-8") as configuration:
        configuration.write(_CONFIGURATION)


def inventory(labels: dict[str, str]) -> bytes:
    """A Sphinx inventory, version 2, of these labels and the pages they lead to."""
    head = "# Sphinx inventory version 2\n# Project: ansible\n# Version: devel\n# The remainder of this file is compressed using zlib.\n"
    lines = "".join(f"{label} std:label -1 {page} {label}\n" for label, page in labels.items())
    return head.encode() + zlib.compress(lines.encode())


def _more() -> list[str]:
    """Folders of docs/ with pages that are not guides."""
    folders = {page.parent.as_posix() for page in pages() if page.parts[0] == "docs"}
    return sorted(folders - {"docs/guides", "docs/guides/stories"})


def build(folder: Path) -> None:
    """Builds the site; raises CalledProcessError on any warning."""
    prepare(folder)
    source = folder / "rst"
    _call("antsibull-docs", "--config-file", str(folder / "antsibull-docs.cfg"), "collection", "--cleanup", "similar-files",
          "--fail-on-error", "--use-current", "--squash-hierarchy", "--dest-dir", str(source), COLLECTION)  # fmt: skip
    # The collection's index is our own page: with --squash-hierarchy both would have the same name.
    (source / "index.rst").replace(source / "collection.rst")
    more = "\n".join(f"   {folder}/*" for folder in _more())
    (source / "index.rst").write_text(_INDEX.format(more=more), encoding="utf-8")
    _call("sphinx-build", "-W", "--keep-going", "-q", "-j", "2", "-b", "html", "-c", str(folder), str(source),
          str(folder / "build" / "html"))  # fmt: skip


def _call(program: str, *arguments: str) -> None:
    subprocess.run([str(Path(sys.executable).with_name(program)), *arguments], check=True)


def main(arguments: list[str] | None = None) -> int:
    """The command line; the exit code is 1 if a tool complains."""
    parser = argparse.ArgumentParser(prog="python -m testing.tooling.docsite", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the site is built; its content is replaced")
    folder = parser.parse_args(arguments).folder.resolve()
    shutil.rmtree(folder, ignore_errors=True)
    # antsibull-docs rejects a folder that others may write to.
    folder.mkdir(mode=0o700, parents=True)
    try:
        build(folder)
    except subprocess.CalledProcessError as problem:
        print(f"{Path(problem.cmd[0]).name} failed: see its output above", file=sys.stderr)
        return 1
    print(f"The site is in {folder}/build/html")
    return 0


if __name__ == "__main__":
    sys.exit(main())

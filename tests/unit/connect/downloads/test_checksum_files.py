# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checksums as users give them, and checksum files as projects publish them."""

from __future__ import annotations

import string
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.downloads.checksum_files import (
    DIGITS,
    Checksum,
    checksum_of,
    digest_in,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import InputError

ALGORITHMS = st.sampled_from(sorted(DIGITS))
FILE_NAMES = st.text(string.ascii_letters + string.digits + "._-+ ", min_size=1, max_size=60).filter(
    lambda name: name == name.strip() and name not in (".", "-")
)


def digests(algorithm: str) -> st.SearchStrategy[str]:
    return st.text("0123456789abcdef", min_size=DIGITS[algorithm], max_size=DIGITS[algorithm])


def print_md(name: str, digest: str, width: int = 78) -> str:
    """What `gpg --print-md SHA512` prints: groups of 8 digits in upper case, continued below the first one."""
    prefix = f"{name}: " if len(name) + 2 + 8 < width else f"{name}:\n" + " " * 10
    groups = [digest[start : start + 8].upper() for start in range(0, len(digest), 8)]
    lines = [groups[start : start + 6] for start in range(0, len(groups), 6)]
    indent = " " * (len(name) + 2 if "\n" not in prefix else 10)
    return prefix + f"\n{indent}".join(" ".join(line) for line in lines) + "\n"


FORMS: dict[str, Callable[[str, str, str], str]] = {
    "sha256sum": lambda _algorithm, name, digest: f"{digest}  {name}\n",
    "sha256sum --binary": lambda _algorithm, name, digest: f"{digest} *{name}\n",
    "BSD": lambda algorithm, name, digest: f"{algorithm.upper()} ({name}) = {digest}\n",
    "OpenSSL": lambda algorithm, name, digest: f"SHA2-{algorithm[3:]}({name})= {digest}\n",
    "gpg": lambda _algorithm, name, digest: print_md(name, digest),
    "digest alone": lambda _algorithm, _name, digest: f"{digest}\n",
    "digest alone, upper case, without a line end": lambda _algorithm, _name, digest: digest.upper(),
    "standard input": lambda _algorithm, _name, digest: f"{digest}  -\n",
    "Windows": lambda _algorithm, name, digest: f"\ufeff{digest}  {name}\r\n",
    "in a directory": lambda _algorithm, name, digest: f"{digest}  ./release/{name}\n",
}


@pytest.mark.parametrize("form", FORMS)
@given(data=st.data())
def test_the_digest_is_found_in_each_form(form: str, data: st.DataObject) -> None:
    algorithm, name = data.draw(ALGORITHMS), data.draw(FILE_NAMES)
    digest = data.draw(digests(algorithm))
    assert digest_in(FORMS[form](algorithm, name, digest), algorithm, name) == digest


@pytest.mark.parametrize("form", ["sha256sum", "BSD", "gpg"])
@given(data=st.data())
def test_the_digest_of_the_file_is_chosen_among_others(form: str, data: st.DataObject) -> None:
    algorithm = data.draw(ALGORITHMS)
    entries = data.draw(st.dictionaries(FILE_NAMES, digests(algorithm), min_size=2, max_size=5))
    text = "".join(FORMS[form](algorithm, name, digest) for name, digest in entries.items())
    for name, digest in entries.items():
        assert digest_in(text, algorithm, name) == digest


@given(text=st.text(max_size=500), algorithm=ALGORITHMS)
def test_any_other_text_has_a_whole_digest_or_raises_value_error(text: str, algorithm: str) -> None:
    try:
        digest = digest_in(text, algorithm, "file")
    except ValueError:
        digest = "0" * DIGITS[algorithm]
    assert len(digest) == DIGITS[algorithm]


def test_the_file_that_apache_publishes_is_read() -> None:
    text = (
        "kafka_2.13-4.3.1.tgz: 00722AB0 A6B954E0 006994B8 D589DCD8 F26E1827 C47F70B6\n"
        "                      E820FB45 AA35945C 19163B0F 188CAF0C AA2C5E2B 89A5A1C4\n"
        "                      B6B5F4D2 0F7E5C3A 11223344 55667788\n"
    )
    digest = digest_in(text, "sha512", "kafka_2.13-4.3.1.tgz")
    assert digest.startswith("00722ab0a6b954e0")
    assert digest.endswith("1122334455667788")


def test_a_digest_of_another_algorithm_beside_it_is_ignored() -> None:
    text = f"MD5 (a.zip) = {'1' * 32}\nSHA256 (a.zip) = {'2' * 64}\nSHA512 (a.zip) = {'3' * 128}\n"
    assert digest_in(text, "sha256", "a.zip") == "2" * 64
    assert digest_in(text, "sha512", "a.zip") == "3" * 128


def test_a_signed_checksum_file_is_read() -> None:
    text = f"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n{'a' * 64}  a.zip\n-----BEGIN PGP SIGNATURE-----\n\niQEz\n"
    assert digest_in(text, "sha256", "a.zip") == "a" * 64


def test_an_escaped_name_is_unescaped() -> None:
    assert digest_in(f"\\{'a' * 64}  a\\\\b\\nc.zip\n", "sha256", "b\nc.zip") == "a" * 64


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "contains no sha256 digest"),
        ("<html>not found</html>", "contains no sha256 digest"),
        (f"{'a' * 64}  b.zip\n{'b' * 64}  c.zip\n", "has no digest of a.zip, only of b.zip, c.zip"),
        (f"{'a' * 64}  a.zip\n{'b' * 64}  old/a.zip\n", "contains 2 different sha256 digests for a.zip"),
        (f"{'a' * 64}\n{'b' * 64}\n", "contains 2 different sha256 digests for a.zip"),
        (f"{'a' * 63}  a.zip\n", "contains no sha256 digest"),
    ],
)
def test_an_unusable_file_is_rejected(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        digest_in(text, "sha256", "a.zip")


def test_a_hostile_file_takes_no_longer_than_its_length() -> None:
    text = "\n".join([": a" * 1_600] * 200 + ["a " * 2_400] * 200)
    began = time.process_time()
    with pytest.raises(ValueError, match="no sha256 digest"):
        digest_in(text, "sha256", "a.zip")
    assert time.process_time() - began < 5.0


def test_a_checksum_is_a_digest_or_the_url_of_a_file() -> None:
    assert checksum_of(f"SHA256:{'A' * 64}") == Checksum("sha256", "a" * 64)
    url = "https://downloads.apache.org/kafka_2.13-4.3.1.tgz.sha512"
    assert checksum_of(f"sha512:{url}") == Checksum("sha512", url=url)
    assert str(checksum_of(f"sha512:{url}")) == f"sha512:{url}"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "does not start with sha256: or sha512:"),
        ("a" * 64, "does not start with sha256: or sha512:"),
        (f"md5:{'a' * 32}", "does not start with sha256: or sha512:"),
        ("sha256:0123456789abcdef", "has 16 digits instead of 64"),
        (f"sha512:{'a' * 64}", "has 64 digits instead of 128"),
        (f"sha256:{'g' * 64}", "other characters than 0-9 and a-f"),
        ("sha256:/tmp/file.sha256", "or the URL of a checksum file"),
    ],
)
def test_a_malformed_checksum_is_rejected(text: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        checksum_of(text)

# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The seed determines the draw, the draw covers all faults, and each experiment can be repeated."""

from __future__ import annotations

import itertools
import random

import pytest

from testing.chaos.__main__ import main
from testing.chaos.drawing import PER_TOPOLOGY, Row, experiments, fitting, table
from testing.chaos.faults import BY_NAME, FAULTS
from testing.chaos.listening import _listening
from testing.chaos.moments import PHASES, draw, parse
from testing.chaos.topology import DEFAULT_DELAY_MS, Topology

ONE, THREE = Topology(), Topology(kafka="3.9", brokers=3)


def drawn(seed: int, count: int) -> list[str]:
    made = itertools.islice(experiments(seed, FAULTS, [ONE, THREE]), count)
    return [one.replay for one in made]


def test_the_same_seed_draws_the_same() -> None:
    assert drawn(7, 60) == drawn(7, 60)
    assert drawn(7, 60) != drawn(8, 60)


def test_every_fault_is_drawn_before_one_comes_again_on_a_cluster() -> None:
    of_one = [one.fault.name for one in itertools.islice(experiments(1, FAULTS, [ONE]), len(FAULTS))]
    assert sorted(of_one) == sorted(BY_NAME)


def test_experiments_on_one_cluster_follow_each_other() -> None:
    clusters = [one.topology for one in itertools.islice(experiments(1, FAULTS, [ONE, THREE]), 2 * PER_TOPOLOGY)]
    assert len(set(clusters[:PER_TOPOLOGY])) == len(set(clusters[PER_TOPOLOGY:])) == 1
    assert clusters[0] != clusters[-1]


def test_moments_belong_to_the_phases_of_the_fault_and_can_be_parsed() -> None:
    for one in itertools.islice(experiments(3, FAULTS, [ONE]), 300):
        assert one.moment.phase in one.fault.phases
        assert parse(str(one.moment)) == one.moment
    assert {draw(random.Random(seed)).phase for seed in range(50)} == set(PHASES)
    with pytest.raises(ValueError, match="not a moment"):
        parse("write-3")


def test_only_faults_about_the_delay_use_the_long_delay() -> None:
    few = fitting(FAULTS, Topology(delay_ms=DEFAULT_DELAY_MS))
    assert 0 < len(few) < len(fitting(FAULTS, ONE)) == len(FAULTS)


def test_clusters_without_useful_faults_are_skipped() -> None:
    slow = Topology(delay_ms=DEFAULT_DELAY_MS)
    assert not list(experiments(1, [BY_NAME["proxy-429"]], [slow]))
    drawn = itertools.islice(experiments(1, [BY_NAME["proxy-429"]], [slow, ONE]), 3)
    assert {one.topology for one in drawn} == {ONE}


def test_the_replay_command_names_all_options() -> None:
    made = next(iter(experiments(1, [BY_NAME["flapping"]], [THREE])))
    assert made.replay == f'make chaos CHAOS="--only flapping@{made.moment} --kafka 3.9 --brokers 3 --delay 0"'


def test_the_table_lists_drawn_faults_and_the_rest() -> None:
    rows = {"flapping": Row(3, 1, 1, 1, 0, 42.4)}
    head, line, left = table([BY_NAME["flapping"], BY_NAME["ctrl-c"]], rows).splitlines()
    assert head.split() == ["fault", "runs", "converged", "reported", "correctly", "failed", "missed", "longest"]
    assert line.split() == ["flapping", "3", "1", "1", "1", "0", "42", "s"]
    assert left == "not drawn: ctrl-c"


@pytest.mark.parametrize("words", [["--faults", "rain"], ["--only", "flapping@noon"], ["--only", "rain@write1-after"]])
def test_unknown_faults_and_moments_are_rejected(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(words)
    assert "no" in capsys.readouterr().err


def test_listening_ports_are_read_from_the_systems_table() -> None:
    text = (
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt\n"
        "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000\n"
        "   1: 0100007F:1F91 0100007F:D431 01 00000000:00000000 00:00000000 00000000\n"
    )
    assert _listening(text) == {8080}

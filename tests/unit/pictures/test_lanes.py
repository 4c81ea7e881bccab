# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The picture of tasks that stand still."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import Any

from testing.pictures.lanes import WIDTH, lanes

SVG = "{http://www.w3.org/2000/svg}"


def case(
    *tasks: list[tuple[float, float]], seconds: float = 60, drawn: bool = True, way: str = "way"
) -> dict[str, Any]:
    return {"operation": "a restart", "way": way, "seconds": seconds, "gaps": tasks, "drawn": drawn}


def picture(*cases: dict[str, Any]) -> ET.Element:
    return ET.fromstring(lanes({"title": "t", "description": "d", "note": "n " * 200, "cases": cases}))


def widths(root: ET.Element, style: str) -> list[float]:
    """The widths of all rectangles of a kind, without the one in the legend."""
    return [float(one.get("width", "")) for one in root.iter(f"{SVG}rect") if one.get("class") == style][1:]


def texts(root: ET.Element) -> list[str]:
    return [one.text or "" for one in root.iter(f"{SVG}text")]


def test_every_task_has_a_lane_and_every_gap_a_bar() -> None:
    root = picture(case([(1, 5), (7, 9)], []), case([], []))
    assert len(widths(root, "lane")) == 4
    assert len(widths(root, "gap")) == 2


def test_all_cases_have_the_same_time_scale() -> None:
    long, short = widths(picture(case([(0, 300)], seconds=950), case([(0, 6)])), "gap")
    assert round(long / short) == 50


def test_a_short_gap_stays_visible_and_nothing_leaves_the_picture() -> None:
    root = picture(case([(-2, 1.1), (0, 3599)], seconds=3600))
    assert min(widths(root, "gap")) >= 1
    rects = [one for one in root.iter(f"{SVG}rect") if one.get("class") == "gap"]
    assert all(
        float(one.get("x", "")) > 0 and float(one.get("x", "")) + float(one.get("width", "")) < WIDTH for one in rects
    )


def test_the_axis_is_in_seconds_or_minutes() -> None:
    assert "10 s" in texts(picture(case([(0, 9)], seconds=40)))
    assert "2 min" in texts(picture(case([(0, 300)], seconds=900)))


def test_a_case_that_is_not_drawn_is_left_out() -> None:
    assert "hidden" not in texts(picture(case([(0, 2)]), case([(0, 2)], drawn=False, way="hidden")))


def test_numbers_of_a_case_are_beside_its_way() -> None:
    assert "68 s; lost 11 task-seconds; longest gap 7 s" in texts(picture(case([(0, 4)], [(1, 8)], seconds=68.4)))


def test_a_picture_without_a_case_can_be_drawn() -> None:
    assert widths(picture(), "lane") == []

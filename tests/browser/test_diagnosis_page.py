# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of a diagnosis in a real browser: with 500 connectors, on a phone, with a keyboard, and for a screen reader."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.diagnosis.assemble import diagnose
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.diagnosis.page import page
from tests.unit.connect.diagnosis_support import (
    REFUSED,
    event,
    finding,
    health_of,
    history_of,
    log_of_host,
    results_of,
    state_event,
    stored,
)

CONNECTORS = 500
WIDTHS = {"phone": 390, "desktop": 1280}
QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)


def large_page() -> str:
    """500 connectors with two tasks each. Every fifth one has failed three times, and the first one still does."""
    names = [f"connector-{number:03}" for number in range(CONNECTORS)]
    events: list[dict[str, Any]] = [event(5 * number, "rebalance") for number in range(1, 60)]
    for place, name in enumerate(names[::5]):
        for again in range(3):
            at = 300 - place - 30 * again
            events += [
                event(at, "config_changed", name),
                state_event(at - 1, name, "FAILED", "RUNNING", cause=REFUSED),
                *([] if (place, again) == (0, 2) else [state_event(at - 3, name, "RUNNING", "FAILED")]),
            ]
    root = finding("worker_unreachable", "http://connect-2:8083")
    failed = finding("failed_tasks", names[0])
    health = health_of(root, finding("unassigned", caused_by=[root["id"]]), failed, finding("a", severity="warning"))
    connectors = {
        "connectors": [stored(name, "FAILED" if name == names[0] else "RUNNING", "RUNNING") for name in names]
    }
    logs = [log_of_host("connect-1", session_lost=2)]
    return page(diagnose(results_of(health, history=history_of(*events), connectors=connectors, logs=logs)))


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "diagnosis.html"
    path.write_text(large_page(), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    assert chromium, "these tests need Chromium (Debian: apt install chromium)"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=list(QUIET), chromium_sandbox=False)
        yield started
        started.close()


@pytest.fixture
def desktop(browser: Browser, file: Path) -> Iterator[Page]:
    opened = browser.new_page(viewport={"width": WIDTHS["desktop"], "height": 900})
    opened.goto(file.as_uri())
    yield opened
    opened.close()


def test_a_large_page_opens_and_shows_every_connector(desktop: Page, file: Path) -> None:
    milliseconds = desktop.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
    print(f"{CONNECTORS} connectors, {file.stat().st_size / 1000:.0f} kB: open after {milliseconds:.0f} ms")
    assert desktop.locator(".lanes tbody tr").count() == CONNECTORS
    assert desktop.locator("#shown").inner_text() == "500 of 500 connectors"


def test_the_page_asks_the_network_for_nothing_and_has_no_error(browser: Browser, file: Path) -> None:
    opened = browser.new_page()
    requests: list[str] = []
    errors: list[str] = []
    opened.on("request", lambda request: requests.append(request.url))
    opened.on("console", lambda message: errors.append(message.text))
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.goto(file.as_uri())
    opened.close()
    assert [url for url in requests if not url.startswith(("file:", "data:"))] == []
    assert errors == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_is_accessible(browser: Browser, file: Path, width: str, scheme: Any) -> None:
    opened = browser.new_page(viewport={"width": WIDTHS[width], "height": 900}, color_scheme=scheme)
    opened.goto(file.as_uri())
    found = Axe().run(opened, context="body")
    opened.close()
    assert found.violations_count == 0, found.generate_report()


def test_a_phone_needs_no_sideways_scrolling(browser: Browser, file: Path) -> None:
    opened = browser.new_page(viewport={"width": WIDTHS["phone"], "height": 800})
    opened.goto(file.as_uri())
    width = opened.evaluate("document.documentElement.scrollWidth")
    opened.close()
    assert width <= WIDTHS["phone"]


def test_a_keyboard_is_enough_to_filter_and_to_read_events(desktop: Page) -> None:
    desktop.locator("#filter").focus()
    desktop.keyboard.type("connector-00")
    assert desktop.locator("#shown").inner_text() == "10 of 500 connectors"
    desktop.keyboard.press("Tab")
    desktop.keyboard.press("Space")
    assert desktop.locator("#shown").inner_text() == "2 of 500 connectors"
    desktop.keyboard.press("Tab")
    desktop.keyboard.press("Enter")
    assert desktop.locator(".lanes details[open] li").first.is_visible()


def test_a_failure_is_drawn_where_it_happened(desktop: Page) -> None:
    lane = desktop.locator(".lane").first.bounding_box()
    failed = desktop.locator(".lane").first.locator("i.FAILED").last.bounding_box()
    assert lane is not None
    assert failed is not None
    # It failed for good 239 of the 301 drawn minutes before the end.
    assert abs(failed["x"] + failed["width"] - lane["x"] - lane["width"]) < 3
    assert 0.7 < failed["width"] / lane["width"] < 0.85

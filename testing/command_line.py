# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the command lines of the sandbox and of the hosts have in common."""

from __future__ import annotations

import argparse
import signal
import sys


def run_command(options: argparse.Namespace, *errors: type[Exception]) -> int:
    """Run ``options.run`` and return the exit code.

    This is what the command returns (None means 0), 1 after one of these errors, which is printed on one line, and 130 after an
    interrupt.
    """
    # SIGTERM makes `up` clean up as Ctrl-C does.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return int(options.run(options) or 0)
    except errors as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130

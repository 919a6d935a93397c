"""The command line of the torture runs: `python -m tests.torture --help`."""

import argparse
import os
import sys
import tempfile
from pathlib import Path

from tests.torture.plans import PLANS
from tests.torture.report import Report
from tests.torture.runs import crash_runs, scenario_runs
from tests.torture.scenarios import SCENARIOS

RESULTS = Path("torture-results")
DOCS = Path("docs")


def main() -> int:
    """Run what the options select; return 1 if an invariant was violated."""
    options = _options()
    # The contributor's own settings must not reach the deployments under test.
    for name in [name for name in os.environ if name.startswith(("TELECINE_", "OPENAI_"))]:
        del os.environ[name]
    report = Report(options.deployment)
    with tempfile.TemporaryDirectory(prefix="telecine-torture-") as folder:
        chosen = options.only or [*PLANS, *SCENARIOS]
        names = [name for name in PLANS if name in chosen]
        report.crashes += crash_runs(Path(folder), options.deployment, names, options.kills, options.lanes)
        if options.deployment == "production":
            scenarios = [scenario for name, scenario in SCENARIOS.items() if name in chosen]
            report.scenarios += scenario_runs(Path(folder), scenarios, options.scale)
    print(report.as_text())  # noqa: T201 (this is a program that prints)
    if options.publish:
        for name, page in report.pages().items():
            (DOCS / name).write_text(page, encoding="utf-8")
    print(f"Written: {report.write(RESULTS)}")  # noqa: T201 (this is a program that prints)
    return 1 if report.violations else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.torture", description="Kill processes, inject faults, check invariants."
    )
    parser.add_argument("--deployment", choices=["production", "embedded"], default="production")
    parser.add_argument("--kills", type=int, default=10, help="kills at each crash point")
    parser.add_argument("--lanes", type=int, default=3, help="number of deployments tested in parallel")
    parser.add_argument("--scale", type=float, default=1.0, help="size of the scenarios; 1 is the full size")
    parser.add_argument(
        "--only", nargs="*", choices=[*PLANS, *SCENARIOS], help="crash points and scenarios to run", metavar="NAME"
    )
    parser.add_argument("--publish", action="store_true", help="write the pages of docs/ that scenarios generate")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

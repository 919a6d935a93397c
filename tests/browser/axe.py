"""Looks for violations of WCAG 2.2 AA with axe-core, which npm installs for the development of the page."""

from pathlib import Path

from playwright.sync_api import Page

from tests.services.missing import missing

AXE = Path(__file__).resolve().parents[2] / "src/entrypoints/http/web/node_modules/axe-core/axe.min.js"

RUN = """async () => {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const { violations } = await axe.run(document, { runOnly: { type: "tag", values: tags } });
  return violations.map(({ id, help, nodes }) =>
    `${id}: ${help}: ` + nodes.map(({ target, failureSummary }) => `${target} ${failureSummary}`).join(" | "));
}"""


def expect_accessible(page: Page) -> None:
    """Fail if axe-core finds a violation in what the page shows now."""
    if not AXE.is_file():
        missing("axe-core", f"Run `npm ci` in {AXE.parents[2]}.")
    # The debugger evaluates this, so the page's policy need not permit it.
    page.evaluate(AXE.read_text(encoding="utf-8"))
    violations = page.evaluate(RUN)
    assert not violations, "\n".join(violations)

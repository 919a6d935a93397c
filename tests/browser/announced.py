"""What a screen reader is told: the texts that come into the live regions of a page."""

from playwright.sync_api import Page

LISTEN = """
window.announced = [];
new MutationObserver((changes) => {
  const elementOf = (node) => (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement);
  const live = "[role=status], [role=alert], [aria-live]";
  const regions = new Set(changes.map(({ target }) => elementOf(target)?.closest(live)));
  for (const region of regions) if (region?.textContent.trim()) window.announced.push(region.textContent.trim());
}).observe(document, { subtree: true, childList: true, characterData: true });
"""


def listen(page: Page) -> None:
    """Record from the next navigation on."""
    page.add_init_script(LISTEN)


def announced(page: Page) -> list[str]:
    """The texts since the page was opened, in order."""
    texts: list[str] = page.evaluate("announced")
    return texts

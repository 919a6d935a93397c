"""A browser page whose errors and violations of the Content-Security-Policy fail the test."""

from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Response

# Runs in each document before its scripts; the report reaches the test by the console.
REPORT_VIOLATIONS = """
addEventListener("securitypolicyviolation", (event) =>
  console.error(`CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));
"""
# Chromium writes every response with an error status, and every failed request, to the console by itself.
NETWORK = "Failed to load resource"


@dataclass
class Watch:
    """What must not happen on any page of a context, and what did."""

    errors: list[str] = field(default_factory=list[str])
    failed: list[str] = field(default_factory=list[str])

    def attach(self, context: BrowserContext) -> None:
        """Record the errors of every page that the context opens."""
        context.add_init_script(REPORT_VIOLATIONS)
        context.on("page", self._attach_page)
        context.on("response", self._on_response)

    def expect_nothing(self) -> None:
        """Fail if a script failed, the console had an error, or the policy was violated."""
        assert not self.errors, self.errors

    def _attach_page(self, page: Page) -> None:
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.errors.append(f"uncaught: {error}"))

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(NETWORK):
            self.errors.append(message.text)

    def _on_response(self, response: Response) -> None:
        if response.status >= 400:
            self.failed.append(f"{response.status} {response.request.method} {response.url}")

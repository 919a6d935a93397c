"""Collects the lines of ffprobe's report, up to a limit."""

MAX_REPORT_LINES = 65_536


class ReportLines:
    """Takes the output of ffprobe line by line; of several runs, only the report of the last one is kept."""

    def __init__(self) -> None:
        self._lines: list[str] = []

    def __call__(self, line: str) -> None:
        """Take one line. Only the outermost brace is not indented; a run that failed has begun a report too."""
        if line == "{":
            self._lines.clear()
        if len(self._lines) < MAX_REPORT_LINES:
            self._lines.append(line)

    @property
    def is_complete(self) -> bool:
        """Whether no line was left out."""
        return len(self._lines) < MAX_REPORT_LINES

    @property
    def text(self) -> str:
        """The report as JSON."""
        return "\n".join(self._lines)

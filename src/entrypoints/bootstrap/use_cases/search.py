"""Wires the search in transcripts."""

from domain.use_cases.jobs.dispatch_job import DispatchJob
from domain.use_cases.jobs.factory import JobFactory
from domain.use_cases.search.find_in_transcript import FindInTranscript
from domain.use_cases.search.index_transcripts import IndexTranscripts
from domain.use_cases.search.search_transcripts import SearchTranscripts
from domain.use_cases.transcripts.get_transcript import GetTranscript
from entrypoints.application import Search
from entrypoints.bootstrap.adapters import Adapters


def search(adapters: Adapters) -> Search:
    """Wire the use cases that search."""
    return Search(
        transcripts=SearchTranscripts(database=adapters.database),
        in_transcript=FindInTranscript(get_transcript=GetTranscript(database=adapters.database)),
    )


def index_transcripts(adapters: Adapters, *, jobs: JobFactory, dispatch: DispatchJob) -> IndexTranscripts:
    """Wire the job that indexes stored transcripts."""
    return IndexTranscripts(database=adapters.database, jobs=jobs, dispatch=dispatch)

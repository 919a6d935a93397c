"""Example transcripts and captions in the OpenAPI document."""

import msgspec

from domain.model.captions.writers import to_srt, to_text, to_vtt
from domain.model.stage import StageName, StageState
from domain.model.transcripts.cues import Cue
from domain.model.transcripts.transcript import TranscriptOrigin
from entrypoints.http.openapi.sample_values import _ID
from entrypoints.http.transcripts.schemas import CueView, HighlightView, TranscriptResponse
from entrypoints.http.videos.examples import STATUS
from entrypoints.http.videos.schemas import StageView

_CUES = (Cue(0.4, 2.1, "Welcome back."), Cue(2.6, 5.0, "Today we cut the film."))

TRANSCRIPT = TranscriptResponse(
    _ID,
    "en",
    TranscriptOrigin.GENERATED,
    " ".join(cue.text for cue in _CUES),
    [CueView(cue.start_s, cue.end_s, cue.text) for cue in _CUES],
)
FOUND = msgspec.structs.replace(
    TRANSCRIPT,
    text=_CUES[1].text,
    cues=[msgspec.structs.replace(TRANSCRIPT.cues[1], highlights=[HighlightView(17, 21)])],
)
TRANSCRIBING = msgspec.structs.replace(
    STATUS, stages=[*STATUS.stages[:-1], StageView(StageName.TRANSCRIBE, StageState.PENDING, 0.0, 0)]
)
VTT, SRT, TEXT = to_vtt(_CUES), to_srt(_CUES), to_text(_CUES)

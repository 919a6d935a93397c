"""Makes a video of synthetic voices that speak at known times."""

import random
import re
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from domain.model.transcripts.cues import Cue

SAMPLE_RATE = 16_000
VOICES = ("slt", "awb", "rms", "kal16")
PAUSES_WITHIN_S = (0.25, 0.3, 0.4, 0.5, 0.7, 0.9, 1.2)
PAUSES_BETWEEN_S = (0.0, 0.0, 0.25, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0, 1.5, 2.0, 3.0)
SENTENCES_A_TURN = 6

_SAMPLE_BYTES = 2
_AUDIBLE = 200  # Of 32,768: a quieter sample counts as silence.

# A bar marks a pause within a sentence.
SENTENCES = (
    "Good morning.",
    "Welcome back to the workshop.",
    "Today we are going to build a small wooden boat, | and I will show you every step of it.",
    "Why a boat?",
    "Because it floats.",
    "The first thing that you need is a straight piece of pine, about two metres long.",
    "No.",
    "Not that one.",
    "The other one, | over there, | behind the door.",
    "Thank you.",
    "When I was a child | my grandfather taught me to look at the grain of the wood, and I never forgot what he said.",
    "Measure twice, cut once.",
    "It sounds simple, | but most people forget it within a week.",
    "I certainly did.",
    "In nineteen eighty four I ruined eleven boards in a single afternoon.",
    "Eleven!",
    "My mother was not amused, | and neither was the man who sold me the wood.",
    "So we begin with a pencil.",
    "Draw a line along the edge, | turn the board around, | and draw another line on the far side.",
    "If the two lines meet, the board is straight.",
    "If they don't, it is not.",
    "That is all there is to it.",
    "Now take the plane and set the blade as thin as you can.",
    "Thinner.",
    "You should be able to read a newspaper through the shavings | that come off the top.",
    "Listen to the sound that it makes.",
    "A sharp blade whispers | and a dull one complains.",
    "What do you hear?",
    "Exactly.",
    "Some people like to work fast, but the best work is done slowly, with tea and nothing else to do for the day.",
    "Next come the ribs of the boat.",
    "There are seven of them, | and each one is bent over steam for twenty minutes.",
    "Be careful with the steam.",
    "It is hot.",
    "Wear your gloves, | keep your face away, | and never leave the kettle alone.",
    "While we wait, let me tell you about the lake.",
    "It is four kilometres long | and so deep that nobody has ever found the bottom.",
    "They say there is a village down there.",
    "With a church.",
    "On quiet evenings you can hear the bell, | if you believe in that kind of thing.",
    "I don't.",
    "My sister does.",
    "She also believes that fish can count, so I would not worry too much about what she says.",
    "All right.",
    "The wood is soft enough now.",
    "Bend it around the mould, slowly, | and hold it there until it stops fighting you.",
    "Clamp both ends.",
    "Do the same with the other six.",
    "I will wait.",
    "When the ribs have dried we fix them with copper nails, because iron would rust in water | and leave ugly stains.",
    "Copper is expensive, of course.",
    "But it lasts a hundred years.",
    "The planks go on from the bottom to the top, | and each of them covers the edge of the one below.",
    "This is called clinker.",
    "The Vikings did it the same way.",
    "They did not have electric light, | or good coffee, | or the internet.",
    "They managed.",
    "Between the planks we put a little tar and some old rope.",
    "It smells wonderful.",
    "After a week in the water everything swells | and the boat is tight.",
    "Is it finished?",
    "Almost.",
    "We need a mast, a sail, two oars | and a name.",
    "I have thought about the name for a long time.",
    "My grandfather would have liked something short.",
    "So I called it RetryPolicy.",
    "It took me nine months to build | and about ten seconds to fall out of it on the first day.",
    "The water was cold.",
    "Very cold.",
    "But the boat stayed upright, | which is more than I can say for myself.",
    "Next time we will make the oars.",
    "Until then, keep your tools sharp and your coffee hot.",
    "Goodbye.",
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words spoken without a pause; the pause before them may be 0 s. Times are exact to the sample."""

    text: str
    start_s: float
    end_s: float
    begins_sentence: bool


@dataclass(frozen=True, slots=True)
class Recording:
    """The phrases of a generated video, with their times."""

    path: Path
    phrases: tuple[Phrase, ...]
    duration_s: float


def spoken(
    target: Path,
    *,
    sentences: Sequence[str] = SENTENCES,
    seed: int = 1,
    level_db: float = 0.0,
    noise_db: float | None = None,
) -> Recording:
    """Make a video in which several voices speak the sentences, with random pauses from the seed.

    `level_db` is the gain of the speech, `noise_db` that of added pink noise.
    """
    chance = random.Random(seed)
    words = target.with_suffix(".txt")
    sound = bytearray(_silence(1.0))
    phrases: list[Phrase] = []
    for number, sentence in enumerate(sentences):
        voice = VOICES[number // SENTENCES_A_TURN % len(VOICES)]
        tempo = (0.9, 1.0, 1.15)[number // SENTENCES_A_TURN % 3]
        for place, text in enumerate(sentence.split(" | ")):
            pauses_s = PAUSES_WITHIN_S if place else PAUSES_BETWEEN_S
            sound += _silence(chance.choice(pauses_s))
            start_s = _duration_s(sound)
            words.write_text(text)
            sound += _synthesized(words, voice, tempo)
            phrases.append(Phrase(text, start_s, _duration_s(sound), begins_sentence=not place))
    sound += _silence(1.0)
    _film(target, sound, level_db, noise_db)
    return Recording(target, tuple(phrases), _duration_s(sound))


def _silence(duration_s: float) -> bytes:
    return bytes(_SAMPLE_BYTES * round(duration_s * SAMPLE_RATE))


def _duration_s(sound: bytearray) -> float:
    return len(sound) / _SAMPLE_BYTES / SAMPLE_RATE


def _synthesized(words: Path, voice: str, tempo: float) -> bytes:
    """Synthesize the words; return the samples from the first audible one to the last."""
    source = ("-f", "lavfi", "-i", f"flite=voice={voice}:textfile={words}", "-af", f"atempo={tempo}")
    content = _ffmpeg(*source, "-ar", str(SAMPLE_RATE), "-ac", "1", "-f", "s16le", "pipe:1")
    audible = [place for place, sample in enumerate(memoryview(content).cast("h")) if abs(sample) > _AUDIBLE]
    return content[_SAMPLE_BYTES * audible[0] : _SAMPLE_BYTES * (audible[-1] + 1)]


def _film(target: Path, sound: bytearray, level_db: float, noise_db: float | None) -> None:
    """Write the audio, with a small picture, to the target."""
    duration_s = _duration_s(sound)
    noise = f"anoisesrc=color=pink:seed=1:r={SAMPLE_RATE}:d={duration_s},volume={noise_db or 0}dB[noise];"
    mixed = f"{noise}[loud][noise]amix=normalize=0" if noise_db is not None else "[loud]anull"
    _ffmpeg(
        *("-f", "s16le", "-ar", str(SAMPLE_RATE), "-ac", "1", "-i", "pipe:0"),
        *("-f", "lavfi", "-i", f"color=s=64x64:r=5:d={duration_s}"),
        *("-filter_complex", f"[0:a]volume={level_db}dB[loud];{mixed}"),
        *("-c:v", "libx264", "-preset", "ultrafast", "-c:a", "flac", "-y", str(target)),
        given=bytes(sound),
    )


def _ffmpeg(*arguments: str, given: bytes = b"") -> bytes:
    argv = ["ffmpeg", "-hide_banner", "-loglevel", "error", *arguments]
    return subprocess.run(argv, check=True, input=given, stdout=subprocess.PIPE).stdout


def words_between(phrases: Sequence[Phrase], start_s: float, end_s: float) -> str:
    """The words spoken in a part of the video; a word's time is interpolated from its position in the phrase."""
    return " ".join(word for phrase in phrases for word, moment_s in _moments_s(phrase) if start_s <= moment_s < end_s)


def _moments_s(phrase: Phrase) -> Iterator[tuple[str, float]]:
    letters = 0
    for word in phrase.text.split():
        middle = letters + len(word) / 2
        letters += len(word) + 1
        yield word, phrase.start_s + (phrase.end_s - phrase.start_s) * middle / len(phrase.text)


def starting_errors_s(phrases: Sequence[Phrase], cues: Sequence[Cue]) -> list[float]:
    """Start errors, in seconds, of the cues that begin with the first word of a sentence."""
    expected = [(word, phrase, not place) for phrase in phrases for place, word in enumerate(_words(phrase.text))]
    shown = [(word, cue, not place) for cue in cues for place, word in enumerate(_words(cue.text))]
    matcher = SequenceMatcher(None, [word for word, _, _ in expected], [word for word, _, _ in shown], autojunk=False)
    pairs = [
        (expected[block.a + place], shown[block.b + place])
        for block in matcher.get_matching_blocks()
        for place in range(block.size)
    ]
    return [
        abs(cue.start_s - phrase.start_s)
        for (_, phrase, begins_phrase), (_, cue, begins_cue) in pairs
        if begins_phrase and phrase.begins_sentence and begins_cue
    ]


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower())

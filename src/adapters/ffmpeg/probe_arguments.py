"""Command lines of ffprobe: the description of a file, its packets and its frames."""

from pathlib import Path

from adapters.ffmpeg.allowed_formats import PROBED_DECODERS
from adapters.ffmpeg.input_arguments import edit_lists, opening, url
from domain.model.media.acceptance import MAX_STREAMS

# A probe may open more streams than are accepted, so that the media policy can give the reason of the rejection.
PROBED_STREAMS = 2 * MAX_STREAMS
# Encryption is visible only in packets: for the track, ffprobe reports just the codec inside.
PROBED_PACKETS = 16
# A probe lists this many packets, so that a short file needs no second run that lists all of them.
LISTED_PACKETS = 8192

_REPORT = (
    "format=format_name,start_time,duration,size,nb_streams"
    ":stream=index,codec_type,codec_name,profile,width,height,avg_frame_rate,r_frame_rate,start_time,duration,nb_frames"
    ",pix_fmt,field_order,sample_aspect_ratio,color_space,color_primaries,color_transfer"
    ",channels,channel_layout,sample_rate:program=program_id"
    ":stream_disposition=default,attached_pic,still_image,timed_thumbnails"
    ",comment,dub,karaoke,hearing_impaired,visual_impaired,clean_effects,descriptions"
    ":stream_tags=language,DURATION,title:stream_side_data=rotation,displaymatrix,side_data_type"
    ":packet_side_data=side_data_type"
)
_PACKET = "packet=stream_index,pts_time,dts_time,duration_time,size,pos,flags"


def probing(source: Path, *, packets: int) -> list[str]:
    """The container, the streams and the first packets as JSON, with a line for each packet without side data.

    At level `warning` it logs if the format is only a guess.
    """
    return [
        *("-hide_banner", "-loglevel", "warning", *opening(PROBED_DECODERS, PROBED_STREAMS)),
        *("-show_entries", f"{_REPORT}:{_PACKET}", "-read_intervals", f"%+#{packets}"),
        *("-of", "json=compact=1", "-i", url(source)),
    ]


def also_initialising(decoders: frozenset[str]) -> list[str]:
    """Added to the other arguments: ffprobe may initialise these decoders too, but decodes nothing with them.

    ffprobe initialises a decoder for every stream, and fails if it may not. Options with a stream specifier reach only
    that initialisation. What ffprobe decodes to find the properties of a stream is held to the list of the container,
    which has no such options.
    """
    allowed = ",".join(sorted(PROBED_DECODERS | decoders))
    return [argument for kind in ("v", "a", "s", "d") for argument in (f"-codec_whitelist:{kind}", allowed)]


def reading_first_packet(source: Path, *, index: int) -> list[str]:
    """A line for the first packet of a stream, none if it is empty."""
    return [
        *("-hide_banner", "-loglevel", "warning", *opening(PROBED_DECODERS, PROBED_STREAMS)),
        *("-select_streams", str(index), "-read_intervals", "%+#1"),
        *("-show_entries", "packet=stream_index", "-of", "default=noprint_wrappers=1:nokey=1", "-i", url(source)),
    ]


def reading_aspects(video: Path, *, index: int, threads: int, is_coarse: bool) -> list[str]:
    """The pixel aspect of each decoded frame, one per line; if coarse, of the key frames alone."""
    return [
        *("-hide_banner", "-loglevel", "error", *opening(PROBED_DECODERS, PROBED_STREAMS), "-threads", str(threads)),
        *(["-skip_frame", "nokey"] if is_coarse else []),
        *("-select_streams", str(index), "-show_entries", "frame=sample_aspect_ratio:frame_side_data="),
        *("-of", "compact=print_section=0:nokey=1", "-i", url(video)),
    ]


def surveying(source: Path, *, ignores_edits: bool = False) -> list[str]:
    """A line for every packet of every stream, in stored order; nothing is decoded."""
    return [
        *("-hide_banner", "-loglevel", "error", *opening(PROBED_DECODERS, PROBED_STREAMS)),
        *edit_lists(ignores_edits=ignores_edits),
        *("-show_entries", _PACKET, "-of", "csv=p=0", "-i", url(source)),
    ]

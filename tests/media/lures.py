"""Makes files that lure the reader to other files or URLs, and files that are not a video at all."""

import gzip
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.media import make, surgery
from tests.media.surgery import box


@dataclass(frozen=True, slots=True)
class Bait:
    """A file and a URL on this machine that nothing may ever open."""

    file: Path
    url: str


Maker = Callable[[Path, Bait], object]


def playlist_of(*entries: str) -> bytes:
    """An HLS playlist."""
    lines = [f"#EXTINF:10,\n{entry}\n" for entry in entries]
    return f"#EXTM3U\n#EXT-X-TARGETDURATION:10\n{''.join(lines)}#EXT-X-ENDLIST\n".encode()


def written(content: Callable[[Path, Bait], bytes]) -> Maker:
    """Adapt a function that returns the content of the file."""
    return lambda target, bait: target.write_bytes(content(target, bait))


def hls_with_file(_target: Path, bait: Bait) -> bytes:
    """An HLS playlist that refers to a local file in several spellings."""
    return playlist_of(f"file://{bait.file}", f"file:{bait.file}", str(bait.file), f"../{bait.file.name}")


def hls_with_address(_target: Path, bait: Bait) -> bytes:
    """An HLS playlist that refers to a URL, encrypted with a key from another URL."""
    return b'#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI="%b/key"\n' % bait.url.encode() + playlist_of(f"{bait.url}/a.ts")


def hls_of_itself(target: Path, _bait: Bait) -> bytes:
    """An HLS playlist that refers to itself."""
    return playlist_of(target.name, f"file:{target}", "source")


def dash(_target: Path, bait: Bait) -> bytes:
    """A DASH manifest that refers to a file and a URL."""
    return (
        f'<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" mediaPresentationDuration="PT10S"><Period>'
        f'<AdaptationSet mimeType="video/mp4"><Representation id="1"><BaseURL>{bait.url}/a.mp4</BaseURL>'
        f"<BaseURL>file://{bait.file}</BaseURL></Representation></AdaptationSet></Period></MPD>"
    ).encode()


def concatenation(_target: Path, bait: Bait) -> bytes:
    """An ffconcat script that refers to a file and a URL."""
    return f"ffconcat version 1.0\nfile 'file:{bait.file}'\nfile '{bait.url}/a.mp4'\n".encode()


def concat_text(_target: Path, bait: Bait) -> bytes:
    """URLs of ffmpeg's protocols `concat:`, `subfile:` and `cache:`."""
    return f"concat:{bait.file}|{bait.url}\nsubfile,,start,0,end,9,,:{bait.file}\ncache:{bait.url}\n".encode()


def session(_target: Path, bait: Bait) -> bytes:
    """An SDP file, which asks the reader to listen on a port."""
    port = bait.url.rpartition(":")[2]
    return f"v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nt=0 0\nm=video {port} RTP/AVP 96\n".encode()


def picture_with_entity(_target: Path, bait: Bait) -> bytes:
    """An SVG that includes a file and loads a URL."""
    return (
        f'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x SYSTEM "file://{bait.file}">]><svg '
        f'xmlns="http://www.w3.org/2000/svg" xmlns:x="http://www.w3.org/1999/xlink" width="64" height="64">'
        f'<image x:href="{bait.url}/a.png"/><text>&x;</text></svg>'
    ).encode()


def entities(_target: Path, bait: Bait) -> bytes:
    """XML whose entities expand a billionfold and read a file."""
    grow = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    return f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY e0 SYSTEM "{bait.file}">{grow}]><a>&e9;</a>'.encode()


def page(_target: Path, bait: Bait) -> bytes:
    """HTML that loads a script."""
    return f'<!DOCTYPE html><html><script src="{bait.url}/a.js"></script>\x00</html>'.encode()


def document(_target: Path, bait: Bait) -> bytes:
    """The beginning of a PDF that opens a URL."""
    return f"%PDF-1.7\n1 0 obj<</Type/Catalog/OpenAction<</S/URI/URI({bait.url})>>>>endobj\n".encode() + bytes(64)


def archive(target: Path, bait: Bait) -> None:
    """A ZIP whose one member expands to 64 MiB, with a name that begins with `../`."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(f"../{bait.file.name}", bytes(64 * 1024**2))


def compressed(target: Path, _bait: Bait) -> None:
    """A valid video, gzipped."""
    make.video(target, duration_s=0.2, width=32, height=32, sound=None)
    target.write_bytes(gzip.compress(target.read_bytes()))


def program(_target: Path, _bait: Bait) -> bytes:
    """The first bytes of an ELF program."""
    return b"\x7fELF\x02\x01\x01" + bytes(9) + struct.pack("<HHI", 2, 62, 1) + bytes(4000)


def picture(kind: str) -> Maker:
    """One still picture in the format of this extension."""

    def film(target: Path, _bait: Bait) -> None:
        still = target.with_suffix(kind)
        make.encoded(still, ["testsrc2=s=32x32:d=0.04"], ["-frames:v", "1", "-update", "1"])
        still.rename(target)

    return film


def sound(kind: str) -> Maker:
    """Audio in the format of this extension."""

    def record(target: Path, _bait: Bait) -> None:
        made = target.with_suffix(kind)
        make.encoded(made, ["sine=d=1"], [])
        made.rename(target)

    return record


def bare_video(target: Path, _bait: Bait) -> None:
    """MPEG-2 video without a container."""
    make.encoded(target, ["testsrc2=s=64x48:r=25:d=0.4"], ["-c:v", "mpeg2video", "-f", "mpeg2video"])


def external_reference(target: Path, bait: Bait) -> None:
    """A QuickTime file whose data references point to another file."""
    make.small(target)
    path = str(bait.file).encode() + b"\x00" * (len(str(bait.file)) % 2)
    # An alias as ffmpeg reads it: names and levels, then records: type 2 is a path, and -1 ends the list.
    alias = bytes(10) + bytes(28) + bytes(12) + bytes(64) + bytes(16) + struct.pack(">HH", 1, 1) + bytes(16)
    entry = box("alis", bytes(4) + alias + struct.pack(">HH", 2, len(path)) + path + struct.pack(">hH", -1, 0))

    def refer(content: bytearray) -> bytes:
        return _with_data_reference(_with_data_reference(bytes(content), entry), entry)

    surgery.changed(target, refer)


def _with_data_reference(content: bytes, entry: bytes) -> bytes:
    """Replace the first data reference to the file itself by this entry, and update the sizes of all outer boxes."""
    old = b"\x00\x00\x00\x0curl \x00\x00\x00\x01"
    at = content.find(old)
    if at < 0:
        return content
    grown = bytearray(content[:at] + entry + content[at + len(old) :])
    _update_sizes(grown, 0, len(content), at, len(entry) - len(old))
    return bytes(grown)


def _update_sizes(content: bytearray, start: int, end: int, at: int, more: int) -> None:
    for each in list(surgery.boxes(content, start, end)):
        if each.start < at < each.end:
            struct.pack_into(">I", content, each.start, each.end - each.start + more)
            inside = each.content + (8 if each.kind == "dref" else 0)
            if each.kind in {"moov", "trak", "mdia", "minf", "dinf", "dref"}:
                _update_sizes(content, inside, each.end, at, more)


def attachments(target: Path, bait: Bait) -> None:
    """A Matroska file with an attached font, an attached playlist named `../…`, and ASS that has a file as its font."""
    folder = target.parent
    (folder / "font.ttf").write_bytes(b"\x00\x01\x00\x00" + bytes(2000))
    (folder / "list.m3u8").write_bytes(hls_with_file(target, bait))
    (folder / "words.ass").write_text(
        "[Script Info]\nScriptType: v4.00+\n[V4+ Styles]\nFormat: Name, Fontname, Fontsize\nStyle: A,Font,20\n"
        "[Events]\nFormat: Layer, Start, End, Style, Text\n"
        f"Dialogue: 0,0:00:00.00,0:00:01.00,A,{{\\fn{bait.file}}}Hello\n"
    )
    plain = make.small(target.with_name(f"plain-{target.name}"))
    attached = [
        *("-attach", str(folder / "font.ttf"), "-metadata:s:t:0", "mimetype=application/x-truetype-font"),
        *("-attach", str(folder / "list.m3u8"), "-metadata:s:t:1", "mimetype=application/vnd.apple.mpegurl"),
        *("-metadata:s:t:1", f"filename=../{bait.file.name}"),
    ]
    words = ("-i", str(folder / "words.ass"), "-map", "0", "-map", "1", "-c", "copy", "-c:s", "ass")
    make.ffmpeg(target, "-i", str(plain), *words, *attached)


def tags(target: Path, bait: Bait) -> None:
    """A location, a script and control characters in the tags."""
    plain = make.small(target.with_name(f"plain-{target.name}"))
    script = f"<script src={bait.url}/a.js></script>\x1b[31m"
    names = ("title", "artist", "comment", "description", "com.apple.quicktime.location.ISO6709", "location")
    tagged = [word for name in names for word in ("-metadata", f"{name}={script} +48.8577+002.295/")]
    make.ffmpeg(target, "-i", str(plain), "-c", "copy", *tagged, "-movflags", "use_metadata_tags")


def polyglot_with_archive(target: Path, bait: Bait) -> None:
    """A video with the header of a ZIP archive in its last box."""
    make.small(target)
    surgery.with_box_at_end(target, "free", b"PK\x03\x04" + str(bait.file).encode() + bytes(100))


def polyglot_with_playlist(target: Path, bait: Bait) -> None:
    """An HLS playlist after the `ftyp` box of an MP4."""
    target.write_bytes(box("ftyp", b"isom\x00\x00\x02\x00isomiso2") + hls_with_file(target, bait))

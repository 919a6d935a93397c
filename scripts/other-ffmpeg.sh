#!/bin/sh
# Unpacks ffmpeg and ffprobe of a Debian suite beside the system's: other-ffmpeg.sh SUITE [FOLDER]
# Prints the folder to put first on the PATH. A folder that holds a working ffmpeg already is reused.
# Debian 12 (bookworm) has ffmpeg 5.1, 13 (trixie) 7.1, 14 (forky) 9.0. The exit codes are those of debian-tree.sh.
set -eu

scripts=$(cd "$(dirname "$0")" && pwd)
[ $# -eq 1 ] || [ $# -eq 2 ] || { echo "usage: other-ffmpeg.sh SUITE [FOLDER]" >&2; exit 2; }
suite=$1
folder=${2:-$scripts/../.tools/ffmpegs/$suite}
mkdir -p "$(dirname "$folder")"
folder=$(cd "$(dirname "$folder")" && pwd)/$(basename "$folder")
bin=$folder/bin

works() {
    "$bin/ffmpeg" -hide_banner -version >/dev/null 2>&1 && "$bin/ffprobe" -hide_banner -version >/dev/null 2>&1
}
if works; then
    echo "$bin"
    exit 0
fi

rm -rf "$folder"
echo "other-ffmpeg: unpacking ffmpeg of Debian's $suite into $folder" >&2
tree=$folder/lib/tree
sh "$scripts/debian-tree.sh" "$suite" "$tree" ffmpeg || {
    code=$?
    rmdir "$folder/lib" "$folder" 2>/dev/null || true
    exit "$code"
}
libraries=$(find "$tree/usr/lib" -name '*.so*' -exec dirname {} + | sort -u | paste -s -d : -)
loader=$(find "$tree/usr/lib" -name 'ld-linux*.so.*' | head -n 1)
mkdir -p "$bin" "$folder/lib/loaders"
for program in ffmpeg ffprobe; do
    # The suite's own loader and C library run the program; under the program's name, because a process list shows it.
    ln -sf "$loader" "$folder/lib/loaders/$program"
    printf '#!/bin/sh\nexec "%s" --library-path "%s" "%s" "$@"\n' \
        "$folder/lib/loaders/$program" "$libraries" "$tree/usr/bin/$program" >"$bin/$program"
    chmod 755 "$bin/$program"
done
works || { "$bin/ffmpeg" -hide_banner -version >&2 || true; echo "other-ffmpeg: ffmpeg of $suite does not run." >&2; exit 1; }
echo "$bin"

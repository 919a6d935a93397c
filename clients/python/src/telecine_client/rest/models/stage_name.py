from enum import StrEnum


class StageName(StrEnum):
    COMPRESS = "compress"
    DOWNLOAD = "download"
    PROBE = "probe"
    PUBLISH = "publish"
    TRANSCRIBE = "transcribe"
    UPLOAD = "upload"

    def __str__(self) -> str:
        return str(self.value)

from adapters.openai.config import OpenAIConfig
from entrypoints.bootstrap.transcription import openai_config
from entrypoints.config.transcription import TranscriptionSettings
from entrypoints.config.values import Secret


def test_every_setting_reaches_the_openai_client() -> None:
    """The key, the URL, the model, the format and the timeout."""
    transcription = TranscriptionSettings(
        openai_api_key=Secret("sk-made-up"),
        openai_base_url="http://127.0.0.1:9000/v1",
        transcription_model="my-model",
        transcription_answer_format="verbose_json",
        transcription_timeout_seconds=30.0,
    )
    assert openai_config(transcription) == OpenAIConfig(
        api_key="sk-made-up",
        base_url="http://127.0.0.1:9000/v1",
        model="my-model",
        response_format="verbose_json",
        timeout_s=30.0,
    )
    assert openai_config(TranscriptionSettings()) == OpenAIConfig()

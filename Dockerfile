# syntax=docker/dockerfile:1.7
# One image for the API, the workers, the migration and the doctor; the command selects one.

ARG PYTHON=python:3.13-slim-bookworm

FROM ghcr.io/astral-sh/uv:0.13.8 AS uv

FROM ${PYTHON} AS build
COPY --from=uv /uv /usr/local/bin/uv
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never UV_PROJECT_ENVIRONMENT=/opt/telecine
WORKDIR /build
# `local` adds speech recognition on the CPU, about 640 MB; without it set TELECINE_TRANSCRIBER to openai or none.
ARG EXTRA=
# Dependencies first: they change less often than the source, so their layer stays cached.
COPY pyproject.toml uv.lock ./
RUN --mount=type=cache,target=/root/.cache/uv \
    uv sync --locked --no-dev --no-install-project ${EXTRA:+--extra "$EXTRA"}
COPY README.md LICENSE ./
COPY migrations migrations
COPY src src
COPY clients/python/src clients/python/src
RUN --mount=type=cache,target=/root/.cache/uv \
    uv sync --locked --no-dev --no-editable ${EXTRA:+--extra "$EXTRA"}

FROM ${PYTHON}
# tini forwards signals and reaps dead children.
# Each build gets Debian's security updates, so no versions are pinned here.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ffmpeg tini \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --system --gid 10001 telecine \
    && useradd --system --uid 10001 --gid telecine --home-dir /data --no-create-home --shell /usr/sbin/nologin telecine \
    && install -d -m 700 -o telecine -g telecine /data
COPY --from=build /opt/telecine /opt/telecine
ENV PATH=/opt/telecine/bin:$PATH PYTHONUNBUFFERED=1 TELECINE_DATA_DIR=/data TELECINE_LOG_FORMAT=json
WORKDIR /data
USER 10001:10001
EXPOSE 8000
# For the API; compose.yaml disables it for workers, which listen on no port.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/health/ready', timeout=4)"]
ENTRYPOINT ["tini", "--", "telecine"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]

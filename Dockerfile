# Airflow with Suivi in it. Build: docker compose build. The image runs as Airflow's own user, never as root.
# The slim image brings no providers: all of them come, with hashes, from the lock that CI's region test shares.
FROM apache/airflow:slim-3.3.2-python3.11

USER 0
# rtf and doc documents, scanned PDF; both optional, their absence is a clear issue. Debian keeps only newest versions.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends libreoffice-writer-nogui tesseract-ocr tesseract-ocr-fra \
    && rm -rf /var/lib/apt/lists/* \
    && install -d -o airflow -g root -m 0775 /opt/suivi /var/lib/suivi
USER 50000
WORKDIR /opt/suivi

COPY --chown=airflow:root requirements-region.lock pyproject.toml README.md LICENSE ./
RUN pip install --no-cache-dir --require-hashes -r requirements-region.lock
COPY --chown=airflow:root include include
COPY --chown=airflow:root dags dags
COPY --chown=airflow:root plugins plugins
COPY --chown=airflow:root config config
RUN pip install --no-cache-dir --no-deps --no-build-isolation --no-index -e . && pip check

ENV PYTHONPATH=/opt/suivi/include:/opt/suivi/config \
    AIRFLOW__CORE__DAGS_FOLDER=/opt/suivi/dags \
    AIRFLOW__CORE__PLUGINS_FOLDER=/opt/suivi/plugins \
    AIRFLOW__CORE__LOAD_EXAMPLES=False \
    SUIVI_VAR=/var/lib/suivi \
    GX_ANALYTICS_ENABLED=false

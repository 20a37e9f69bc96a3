# One image for web, worker and beat: slim, not root, nothing but what runs.

FROM python:3.11-slim-bookworm AS libraries
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
ARG PIP_INDEX_URL
RUN python -m venv /opt/market
COPY requirements/run.txt /opt/run.txt
RUN /opt/market/bin/pip install --require-hashes -r /opt/run.txt


FROM python:3.11-slim-bookworm
ENV PATH=/opt/market/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_DEBUG=false \
    LOG_FORMAT=json \
    VAR_DIR=/srv/market/var \
    NUMBA_CACHE_DIR=/srv/market/var/index/compiled \
    PORT=8000
RUN useradd --system --uid 10001 --home-dir /srv/market --shell /usr/sbin/nologin market
COPY --from=libraries /opt/market /opt/market
WORKDIR /srv/market/app
COPY . .
# The key is needed to start, not to collect; it ends with this line.
RUN mkdir -p "$VAR_DIR/index" "$VAR_DIR/beat" \
    && DJANGO_SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(50))')" \
       python manage.py collectstatic --no-input --verbosity 0 \
    && chown -R market: "$VAR_DIR"
USER market
EXPOSE 8000
# Asked under a name that DJANGO_ALLOWED_HOSTS lets pass.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["python", "-c", "import os, urllib.request as web; host = os.environ['DJANGO_ALLOWED_HOSTS'].split(',')[0].lstrip('.*') or 'localhost'; web.urlopen(web.Request('http://127.0.0.1:' + os.environ['PORT'] + '/healthz', headers={'Host': host}), timeout=4)"]
# WEB_CONCURRENCY sets the number of processes; exec makes gunicorn hear SIGTERM.
CMD ["sh", "-c", "exec gunicorn config.wsgi --bind 0.0.0.0:$PORT --threads 4 --timeout 30 --graceful-timeout 25 --max-requests 2000 --max-requests-jitter 200 --limit-request-line 4094 --worker-tmp-dir /dev/shm --no-control-socket --access-logfile -"]

# The shop as one image: the web server, the workers and the schedule differ only by their command (compose.yaml).
FROM python:3.13-slim AS build
WORKDIR /app
COPY requirements.txt .
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --disable-pip-version-check -r requirements.txt

FROM python:3.13-slim
ENV PATH=/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 SHOP_ENV=production SHOP_DATA=/data
RUN useradd --system --uid 10001 --home-dir /app till && mkdir -p /data/media /data/private /data/static && chown -R till /data
WORKDIR /app
COPY --from=build /venv /venv
COPY --chown=till . .
# Collecting static files needs settings but no secret: these values serve this one step and are not kept.
RUN SECRET_KEY=build-only SHOP_URL=https://build.invalid DATABASE_URL=postgres://build REDIS_URL=redis://build \
    EMAIL_URL=smtp://build SHOP_MAIL_FROM=build@build.invalid python manage.py collectstatic --noinput
USER till
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
    CMD python -c "import urllib.request as r; r.urlopen(r.Request('http://127.0.0.1:8000/health/', headers={'Host': '127.0.0.1'}), timeout=2)"
CMD ["gunicorn", "shop.wsgi", "--bind=0.0.0.0:8000", "--worker-class=gthread", "--workers=2", "--threads=8", \
     "--timeout=30", "--graceful-timeout=20", "--worker-tmp-dir=/dev/shm", "--no-control-socket"]

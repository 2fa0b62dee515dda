# Two stages: wheels are built where there is a compiler, and run where there is none.
FROM python:3.13-slim AS build
WORKDIR /build
COPY deploy/requirements/run.txt deploy/requirements/run.txt
RUN python -m venv /opt/badges && /opt/badges/bin/pip install --no-cache-dir --require-hashes -r deploy/requirements/run.txt
COPY pyproject.toml README.md LICENSE ./
COPY badges_server badges_server
RUN /opt/badges/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.13-slim
# The root file system can be read-only: only the two volumes and /tmp are written.
RUN useradd --system --uid 10001 --no-create-home badges && mkdir -p /srv/keys /srv/var && chown badges /srv/keys /srv/var \
    && chmod 700 /srv/keys /srv/var
COPY --from=build /opt/badges /opt/badges
COPY badge_classes /srv/badge_classes
COPY examples /srv/examples
WORKDIR /srv
USER 10001
ENV PATH=/opt/badges/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
VOLUME ["/srv/keys", "/srv/var"]
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import sys, urllib.request as u; sys.exit(u.urlopen('http://127.0.0.1:8000/readyz', timeout=4).status != 200)"]
ENTRYPOINT ["badges-server"]
CMD ["serve", "--host", "0.0.0.0"]

"""Runs the sample of docs/backend-http.md with an authorize() and a clock that tests control by headers."""

import json, os, time

import meshes_backend

original = meshes_backend.authorize
real_time = time.time
offset = 0


def authorize(headers):
    global offset
    offset = int(headers.get("X-Test-Clock", "0"))
    if "X-Test-Failure" in headers:
        raise RuntimeError(headers["X-Test-Failure"])
    session = original(headers)
    return session and {**session, **json.loads(headers.get("X-Test-Grant", "{}"))}


meshes_backend.authorize = authorize
time.time = lambda: real_time() + offset
address = ("127.0.0.1", int(os.environ["PORT"]))
meshes_backend.Server(address, meshes_backend.Endpoint).serve_forever()

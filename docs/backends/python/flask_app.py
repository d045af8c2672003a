"""A Flask application with the session endpoint, sign-out, a page with the tag, and an event.

Flask 2.2 or later. In production: gunicorn flask_app:app, behind a web server that provides TLS.
"""
import os, re

from flask import Flask, Response, render_template_string, request

import meshes_session as meshes

app = Flask(__name__)

PAGE = """<!doctype html>
<html lang="en">
<title>Integrations</title>
<script src="https://cdn.jsdelivr.net/npm/meshes-workspace@0.1.0/dist/cdn/meshes-workspace.iife.min.js"
  integrity="sha384-mxpSO2MeD6WE4yw2xyeNsowUqU5PY1sKv2NTSGCI9Ov8fqN+CtMdj6595WzdinF2" crossorigin="anonymous" defer></script>
<meshes-workspace {{ launch|xmlattr }} token-endpoint="/api/meshes/session"></meshes-workspace>
"""


def authorize():
    """Replace this: look up your session. Returns fields of POST /sessions, such as "role", or None if nobody is signed in."""
    cookie = re.search(r"(?:^|; )user=([A-Za-z0-9_-]+)", request.headers.get("Cookie", ""))
    return cookie and {"external_user_id": cookie[1], "workspace_id": meshes.WORKSPACE_ID}


def respond(work):
    status, headers, body = meshes.respond(request, work)
    return Response(body, status, headers)


@app.post("/api/meshes/session", provide_automatic_options=False)
def session():
    return respond(lambda: meshes.answer(request, request.stream.read, authorize))


@app.post("/api/meshes/sign-out", provide_automatic_options=False)
def sign_out():
    return respond(lambda: meshes.sign_out(request, request.stream.read, authorize))


@app.get("/integrations")
def integrations():
    user = authorize()
    if not user:
        return Response("Sign in first.", 401)
    page = render_template_string(PAGE, launch=meshes.launch(request.headers, user))
    # The launch URL is a credential.
    return Response(page, headers={"Cache-Control": "private, no-store"})


@app.post("/api/contacts", provide_automatic_options=False)
def add_contact():
    def work():
        body, _ = meshes.read_request(request, request.stream.read)
        meshes.signed_in(authorize)
        return {"event_id": meshes.send_event("contact.created", {"email": str(body.get("email"))})}

    return respond(work)


@app.errorhandler(405)
def method_not_allowed(error):
    # This handler is for all routes of the application.
    if not request.path.startswith("/api/meshes/"):
        return error
    return respond(lambda: meshes.read_request(request, request.stream.read))


if __name__ == "__main__":
    app.run(port=int(os.environ.get("PORT", "8000")))

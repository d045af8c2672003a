"""The session endpoint for <meshes-workspace>, without a framework: flask_app.py and django_app.py use it.

Python 3.9 or later, with PyJWT 2.
"""
import contextlib, email.utils, hashlib, hmac, http.client, json, logging, os, re, socket, threading, time
from urllib.parse import quote, urlsplit

import jwt

ORIGIN = r"(?:https://[a-z0-9.-]+|http://(?:(?:[a-z0-9_.-]+\.)?localhost|127(?:\.[0-9]+){3}|\[::1\]))(?::[0-9]+)?"
API_URL = os.environ.get("MESHES_API_URL", "https://api.meshes.io/api/v1").rstrip("/")
if not re.fullmatch(ORIGIN + "/[!-~]+", API_URL):
    raise SystemExit("MESHES_API_URL must be an https URL with a path, or http on a loopback host.")
ORGANIZATION_ID, ACCESS_KEY = os.environ["MESHES_ORGANIZATION_ID"], os.environ["MESHES_ACCESS_KEY"]
SECRET_KEY, WORKSPACE_ID = os.environ["MESHES_SECRET_KEY"], os.environ["MESHES_WORKSPACE_ID"]
# Handles have a key of their own, so that neither kind of signature passes for the other.
HANDLE_KEY = hmac.digest(SECRET_KEY.encode(), b"meshes session handle", "sha256")
TIMEOUT = float(os.environ.get("MESHES_TIMEOUT", "8"))  # Seconds. The element waits for 10.
SESSION_ID = r"(?!\.+$)[A-Za-z0-9_.:~+=@-]{1,255}"  # Cannot change the path of a request.
MAX_BODY, MAX_ANSWER, MAX_SESSION_AGE = 16 * 1024, 64 * 1024, 12 * 60 * 60
log = logging.getLogger("meshes")


class Problem(Exception):
    def __init__(self, status, code, retryable=False, headers={}):
        self.status, self.code, self.retryable, self.headers = status, code, retryable, headers


def respond(request, work):
    """Runs work(), which returns a JSON object or None. Returns the status, the headers, and the body of the answer."""
    try:
        result = work()
        status, content_type, headers = 200 if result else 204, "application/json", {}
    except Exception as error:
        is_known = isinstance(error, Problem)
        problem = error if is_known else Problem(500, "internal_error", retryable=True)
        status, content_type, headers = problem.status, "application/problem+json", problem.headers
        title = problem.code.replace("_", " ").capitalize()
        result = {"title": title, "status": status, "code": problem.code, "retryable": problem.retryable}
        if not is_known:
            log.error("meshes: %s", type(error).__name__)  # Only the type: the text can hold a token.
    body = json.dumps(result) if result else ""
    fixed = {"Cache-Control": "no-store", "Content-Type": content_type, "Content-Length": str(len(body))}
    return status, {**headers, **fixed}, "" if request.method == "HEAD" else body


def read_request(request, read_body):
    """Checks a request. Returns its JSON object, and the origin of the page, which must be a page of this site."""
    if request.method != "POST":
        raise Problem(405, "method_not_allowed", headers={"Allow": "POST"})
    headers, site = request.headers, request.headers.get("Sec-Fetch-Site")
    origin = headers.get("Origin", "")
    is_own = site == "same-origin" or (site is None and origin in own_origins(headers))
    if not is_own or not re.fullmatch(ORIGIN, origin):
        raise Problem(403, "csrf_rejected")
    if headers.get("Content-Type", "").split(";")[0].strip().lower() != "application/json":
        raise Problem(415, "content_type_unsupported")
    length = headers.get("Content-Length") or "0"
    if not re.fullmatch("[0-9]+", length):
        raise Problem(400, "body_malformed")
    if len(length) > 9 or int(length) > MAX_BODY:
        raise Problem(413, "body_too_large")
    try:
        body = parse_object(read_body(int(length)))
    except ValueError:
        raise Problem(400, "body_malformed") from None
    if not isinstance(body.get("session_id", "-"), str) or body.get("session_id") == "":
        raise Problem(400, "session_id_invalid")
    if body.get("launch_page", "rules") not in ("dashboard", "connections", "rules", "events"):
        raise Problem(400, "launch_page_invalid")
    return body, origin


def own_origins(headers):
    """The scheme of the page is unknown where TLS ends at a proxy. ORIGIN accepts http on a loopback host only."""
    host = headers.get("Host", "").lower()
    return f"https://{host}".removesuffix(":443"), f"http://{host}".removesuffix(":80")


def parse_object(data):
    """Parses a JSON object. Raises ValueError for everything else."""
    try:
        value = json.loads(data.decode(), parse_constant=int)  # Raises for NaN and Infinity.
    except RecursionError:
        raise ValueError from None
    if not isinstance(value, dict):
        raise ValueError
    return value


def answer(request, read_body, authorize):
    """The session endpoint. authorize() returns fields of POST /sessions, or None."""
    body, origin = read_request(request, read_body)
    session = signed_in(authorize)
    if "session_id" in body:
        return refresh(session, body["session_id"])
    page = {"launch_page": body["launch_page"]} if "launch_page" in body and "launch_path" not in session else {}
    return create({"allowed_origins": [origin], **page, **session})


def sign_out(request, read_body, authorize):
    """Ends the session of a handle. Its age and its rights do not matter."""
    body, _ = read_request(request, read_body)
    if "session_id" not in body:
        raise Problem(400, "session_id_invalid")
    fields = open_handle(body["session_id"], signed_in(authorize))
    try:
        ended = ask_meshes("DELETE", f"/sessions/{quote(fields['session_id'], safe='')}")
    except Problem as problem:
        if problem.code != "session_expired":
            raise
    else:
        if ended is not None and ended.get("revoked") is not True:
            raise Problem(502, "meshes_bad_response")


def launch(headers, session):
    """For a page that is rendered on the server. Returns attributes of the tag; none if Meshes is not available."""
    origins = [origin for origin in own_origins(headers) if re.fullmatch(ORIGIN, origin)]
    with contextlib.suppress(Problem):  # The element then asks the session endpoint.
        created = create({"allowed_origins": origins[-1:], **session})
        return {"launch-url": created["launch_url"], "session-id": created["session_id"]}
    return {}


def send_event(name, payload):
    """Sends an event. Returns its ID."""
    event = {"event": name, "workspace": WORKSPACE_ID, "payload": payload}
    return ask_meshes("POST", "/events", event)["event"]["id"]


def signed_in(authorize):
    session = authorize()
    if not session:
        raise Problem(401, "not_signed_in")
    return session


def create(session):
    meshes = ask_meshes("POST", "/sessions", session)
    session_id, launch_url = meshes.get("session_id"), str(meshes.get("launch_url"))
    embed = re.fullmatch(f"({ORIGIN})/[!-~]*", launch_url)
    if not isinstance(session_id, str) or not re.fullmatch(SESSION_ID, session_id) or not embed:
        raise Problem(502, "meshes_bad_response")
    fields = {"session_id": session_id, "embed_origin": embed[1], "issued": int(time.time())}
    handle = jwt.encode({**identity_of(session), **fields}, HANDLE_KEY, algorithm="HS256")
    return {**token_of(meshes), "session_id": handle, "embed_origin": embed[1], "launch_url": launch_url}


def refresh(session, handle):
    fields = open_handle(handle, session)
    # Meshes keeps the rights of a session. A user who lost a right must not keep it by a refresh.
    if fields["grant"] != identity_of(session)["grant"]:
        raise Problem(403, "grant_changed")
    if time.time() - fields["issued"] >= MAX_SESSION_AGE:
        raise Problem(410, "session_expired")
    session_id = fields["session_id"]
    meshes = ask_meshes("POST", f"/sessions/{quote(session_id, safe='')}/refresh", gone=(404, 409, 410))
    if meshes.get("session_id", session_id) != session_id:
        raise Problem(502, "meshes_bad_response")
    return {**token_of(meshes), "session_id": handle, "embed_origin": fields["embed_origin"]}


def identity_of(session):
    """What the handle is bound to. The grant is a digest of the rights, with Meshes' default values."""
    rights = [session.get("role", "member"), session.get("session_type", "workspace")]
    rights += [session.get("resource"), session.get("resource_id"), sorted(set(session.get("scopes", [])))]
    grant = hashlib.sha256(json.dumps(rights).encode()).hexdigest()
    return {"version": 1, "user": session["external_user_id"], "workspace": session["workspace_id"], "grant": grant}


def open_handle(handle, session):
    try:
        fields = jwt.decode(handle, HANDLE_KEY, algorithms=["HS256"])
    except (jwt.PyJWTError, ValueError):
        raise Problem(403, "handle_invalid") from None
    codes = {"version": "handle_invalid", "user": "handle_of_another_user", "workspace": "handle_of_another_workspace"}
    for name, code in codes.items():
        if fields[name] != identity_of(session)[name]:
            raise Problem(403, code)
    return fields


def token_of(meshes):
    token = {name: meshes[name] for name in ("access_token", "expires_at", "expires_in") if name in meshes}
    seconds = token.get("expires_in", 0)
    is_valid = isinstance(token.get("expires_at", ""), str) and isinstance(seconds, (int, float)) and seconds < 1e9
    if not is_valid or len(token) < 2 or not isinstance(token.get("access_token"), str) or not token["access_token"]:
        raise Problem(502, "meshes_bad_response")
    return token


def machine_token():
    now = int(time.time())
    claims = {"org": ORGANIZATION_ID, "iss": f"urn:meshes:m2m:{ACCESS_KEY}", "aud": "meshes-api"}
    return jwt.encode({**claims, "iat": now, "exp": now + 30}, SECRET_KEY, "HS256", headers={"kid": ACCESS_KEY})


def ask_meshes(method, path, body=None, gone=(404, 410)):
    """Sends one request. http.client follows no redirect, so the machine JWT stays with Meshes."""
    # For the log: what Meshes said, without its text, which can quote a token.
    call = f"{method} {re.sub('/sessions/[^/]+', '/sessions/…', path)}"
    end, api = time.monotonic() + TIMEOUT, urlsplit(API_URL)
    Connection = http.client.HTTPSConnection if api.scheme == "https" else http.client.HTTPConnection
    headers = {"Authorization": f"Bearer {machine_token()}", "Content-Type": "application/json"}
    data = b"" if body is None else json.dumps(body).encode()
    try:
        with contextlib.closing(Connection(api.netloc, timeout=TIMEOUT)) as connection:
            connection.connect()
            with shutdown_after(end - time.monotonic(), connection.sock):
                connection.request(method, api.path + path, data, headers)
                response = connection.getresponse()
                answer = response.read(MAX_ANSWER + 1)
        if time.monotonic() >= end or (len(answer) <= MAX_ANSWER and response.length):
            raise ConnectionError("The answer is incomplete.")
    except (OSError, ValueError, http.client.HTTPException) as error:
        code = "meshes_timeout" if time.monotonic() >= end else "meshes_unreachable"
        log.warning("meshes: %s failed: %s (%s)", call, code, type(error).__name__)
        raise Problem(504 if code == "meshes_timeout" else 502, code, retryable=True) from None
    if response.status == 204:
        return None
    if 200 <= response.status < 300 and len(answer) <= MAX_ANSWER:
        with contextlib.suppress(ValueError):
            return parse_object(answer)
    problem = problem_of(response.status, response.headers.get("Retry-After", ""), gone if body is None else ())
    log.warning("meshes: %s was answered with %d: %s", call, response.status, problem.code)
    raise problem


def problem_of(status, retry_after, gone):
    if status == 429:
        return Problem(429, "meshes_rate_limited", retryable=True, headers={"Retry-After": str(wait_of(retry_after))})
    if status in (408, 425) or status >= 500:
        return Problem(502, "meshes_unavailable", retryable=True)
    if status in gone:
        return Problem(410, "session_expired")
    codes = {401: "meshes_credentials_rejected", 404: "workspace_not_found", 400: "meshes_rejected_request"}
    same = {403: 401, 410: 404, 409: 400, 422: 400}
    return Problem(502, codes.get(same.get(status, status), "meshes_bad_response"))


def wait_of(retry_after):
    """Reads seconds or a date. Returns 5 for everything else, and at most 300."""
    wait = int(retry_after[:9]) if re.fullmatch("[0-9]+", retry_after) else 5
    with contextlib.suppress(ValueError, TypeError, IndexError, OverflowError):
        if retry_after.endswith(" GMT"):
            wait = int(email.utils.parsedate_to_datetime(retry_after).timestamp() - time.time())
    return min(max(wait, 0), 300)


@contextlib.contextmanager
def shutdown_after(seconds, sock):
    """Limits the total time. The timeout of a socket starts again with each byte."""

    def shutdown():
        with contextlib.suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, shutdown)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()

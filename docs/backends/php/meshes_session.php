<?php
/** The session endpoint for <meshes-workspace>: index.php uses it. PHP 8.0 or later, with the extension curl. */
declare(strict_types=1);

namespace Meshes;

const ORIGIN = '(?:https://[a-z0-9.-]+|http://(?:(?:[a-z0-9_.-]+\.)?localhost|127(?:\.[0-9]+){3}|\[::1\]))(?::[0-9]+)?';
const SESSION_ID = '~^(?!\.+$)[A-Za-z0-9_.:\~+=@-]{1,255}$~D'; // Cannot change the path of a request.
const MAX_BODY = 16 * 1024;
const MAX_ANSWER = 64 * 1024;
const MAX_SESSION_AGE = 12 * 60 * 60;

final class Problem extends \Exception
{
    public function __construct(
        public int $status,
        public string $problem,
        public bool $retryable = false,
        public array $headers = [],
    ) {
        parent::__construct($problem);
    }
}

/** Runs $work, which returns the fields of a JSON object or null, and answers. */
function respond(callable $work): void
{
    $type = 'application/json';
    try {
        $result = $work();
        $status = $result === null ? 204 : 200;
    } catch (\Throwable $error) {
        if (!$error instanceof Problem) {
            error_log('meshes: ' . $error::class); // Only the type: the text can hold a token.
            $error = new Problem(500, 'internal_error', true);
        }
        [$status, $type] = [$error->status, 'application/problem+json'];
        $title = ucfirst(strtr($error->problem, '_', ' '));
        $result = ['title' => $title, 'status' => $status, 'code' => $error->problem, 'retryable' => $error->retryable];
        array_walk($error->headers, fn($value, $name) => header("$name: $value"));
    }
    http_response_code($status);
    header('Cache-Control: no-store');
    header("Content-Type: $type");
    if ($result !== null && $_SERVER['REQUEST_METHOD'] !== 'HEAD') {
        echo json_encode($result, JSON_UNESCAPED_SLASHES | JSON_THROW_ON_ERROR);
    }
}

/** Checks the request. Returns its fields, and the origin of the page, which must be a page of this site. */
function read_request(): array
{
    if ($_SERVER['REQUEST_METHOD'] !== 'POST') {
        throw new Problem(405, 'method_not_allowed', false, ['Allow' => 'POST']);
    }
    [$origin, $site] = [$_SERVER['HTTP_ORIGIN'] ?? '', $_SERVER['HTTP_SEC_FETCH_SITE'] ?? null];
    $is_own = $site === 'same-origin' || ($site === null && in_array($origin, own_origins(), true));
    if (!$is_own || !is_origin($origin)) {
        throw new Problem(403, 'csrf_rejected');
    }
    if (strtolower(trim(explode(';', $_SERVER['CONTENT_TYPE'] ?? '')[0])) !== 'application/json') {
        throw new Problem(415, 'content_type_unsupported');
    }
    if (isset($_SERVER['HTTP_TRANSFER_ENCODING'])) {
        throw new Problem(411, 'length_required');
    }
    $length = $_SERVER['CONTENT_LENGTH'] ?? '0';
    if (!ctype_digit($length)) {
        throw new Problem(400, 'body_malformed');
    }
    if (strlen($length) > 9 || (int) $length > MAX_BODY) {
        throw new Problem(413, 'body_too_large');
    }
    $body = parse_object((string) file_get_contents('php://input', false, null, 0, MAX_BODY));
    if ($body === null) {
        throw new Problem(400, 'body_malformed');
    }
    if (array_key_exists('session_id', $body) && (!is_string($body['session_id']) || $body['session_id'] === '')) {
        throw new Problem(400, 'session_id_invalid');
    }
    $pages = ['dashboard', 'connections', 'rules', 'events'];
    if (array_key_exists('launch_page', $body) && !in_array($body['launch_page'], $pages, true)) {
        throw new Problem(400, 'launch_page_invalid');
    }
    return [$body, $origin];
}

/** The scheme of the page is unknown where TLS ends at a proxy. is_origin() accepts http on a loopback host only. */
function own_origins(): array
{
    $host = strtolower($_SERVER['HTTP_HOST'] ?? '');
    return ['https://' . preg_replace('/:443$/D', '', $host), 'http://' . preg_replace('/:80$/D', '', $host)];
}

function is_origin(string $text): bool
{
    return preg_match('~^' . ORIGIN . '$~D', $text) === 1;
}

/** Returns the fields of a JSON object, and null for everything else. */
function parse_object(string $text): ?array
{
    $value = json_decode($text, false, 64);
    return $value instanceof \stdClass ? (array) $value : null;
}

/** @param callable $authorize returns fields of POST /sessions, or null */
function answer(callable $authorize): array
{
    [$body, $origin] = read_request();
    $session = signed_in($authorize);
    if (isset($body['session_id'])) {
        return refresh($session, $body['session_id']);
    }
    $page = isset($session['launch_path']) ? [] : array_intersect_key($body, ['launch_page' => 0]);
    return create($session + $page + ['allowed_origins' => [$origin]]);
}

/** Ends the session of a handle. Its age and its rights do not matter. */
function sign_out(callable $authorize): void
{
    [$body] = read_request();
    $handle = $body['session_id'] ?? throw new Problem(400, 'session_id_invalid');
    $fields = open_handle($handle, signed_in($authorize));
    try {
        $ended = ask_meshes('DELETE', '/sessions/' . rawurlencode($fields['session_id']), null, [404, 410]);
    } catch (Problem $problem) {
        if ($problem->problem !== 'session_expired') {
            throw $problem;
        }
        return;
    }
    if ($ended !== null && ($ended['revoked'] ?? null) !== true) {
        throw new Problem(502, 'meshes_bad_response');
    }
}

/** For a page that is rendered on the server. Returns attributes of the tag; none if Meshes is not available. */
function launch(array $session): array
{
    $origins = array_filter(own_origins(), is_origin(...));
    try {
        $created = create($session + ['allowed_origins' => array_slice($origins, -1)]);
    } catch (Problem) {
        return []; // The element then asks the session endpoint.
    }
    return ['launch-url' => $created['launch_url'], 'session-id' => $created['session_id']];
}

/** Sends an event. Returns its ID. */
function send_event(string $name, array $payload): string
{
    $event = ['event' => $name, 'workspace' => setting('MESHES_WORKSPACE_ID'), 'payload' => $payload];
    return ask_meshes('POST', '/events', $event)['event']->id;
}

function signed_in(callable $authorize): array
{
    return $authorize() ?: throw new Problem(401, 'not_signed_in');
}

function create(array $session): array
{
    $meshes = ask_meshes('POST', '/sessions', $session);
    [$id, $launch_url] = [$meshes['session_id'] ?? null, $meshes['launch_url'] ?? null];
    $is_valid = is_string($id) && preg_match(SESSION_ID, $id) && is_string($launch_url);
    if (!$is_valid || !preg_match('~^(' . ORIGIN . ')/[!-\~]*$~D', $launch_url, $embed)) {
        throw new Problem(502, 'meshes_bad_response');
    }
    $fields = ['session_id' => $id, 'embed_origin' => $embed[1], 'issued' => time()];
    $text = encode(json_encode(identity_of($session) + $fields, JSON_THROW_ON_ERROR));
    $handle = $text . '.' . sign(handle_key(), $text);
    return ['session_id' => $handle, 'embed_origin' => $embed[1], 'launch_url' => $launch_url] + token_of($meshes);
}

function refresh(array $session, string $handle): array
{
    $fields = open_handle($handle, $session);
    // Meshes keeps the rights of a session. A user who lost a right must not keep it by a refresh.
    if ($fields['grant'] !== identity_of($session)['grant']) {
        throw new Problem(403, 'grant_changed');
    }
    if (time() - $fields['issued'] >= MAX_SESSION_AGE) {
        throw new Problem(410, 'session_expired');
    }
    $path = '/sessions/' . rawurlencode($fields['session_id']) . '/refresh';
    $meshes = ask_meshes('POST', $path, null, [404, 409, 410]);
    if (($meshes['session_id'] ?? $fields['session_id']) !== $fields['session_id']) {
        throw new Problem(502, 'meshes_bad_response');
    }
    return ['session_id' => $handle, 'embed_origin' => $fields['embed_origin']] + token_of($meshes);
}

/** What the handle is bound to. The grant is a digest of the rights, with Meshes' default values. */
function identity_of(array $session): array
{
    $scopes = array_unique($session['scopes'] ?? []);
    sort($scopes);
    $rights = [$session['role'] ?? 'member', $session['session_type'] ?? 'workspace'];
    array_push($rights, $session['resource'] ?? null, $session['resource_id'] ?? null, $scopes);
    return [
        'version' => 1,
        'user' => $session['external_user_id'],
        'workspace' => $session['workspace_id'],
        'grant' => hash('sha256', json_encode($rights, JSON_THROW_ON_ERROR)),
    ];
}

function open_handle(string $handle, array $session): array
{
    [$text, $signature] = explode('.', $handle, 2) + ['', ''];
    if (!hash_equals(sign(handle_key(), $text), $signature)) {
        throw new Problem(403, 'handle_invalid');
    }
    $fields = json_decode(base64_decode(strtr($text, '-_', '+/')), true);
    $codes = ['handle_invalid' => 'version', 'handle_of_another_user' => 'user', 'handle_of_another_workspace' => 'workspace'];
    foreach ($codes as $code => $name) {
        if ($fields[$name] !== identity_of($session)[$name]) {
            throw new Problem(403, $code);
        }
    }
    return $fields;
}

function token_of(?array $meshes): array
{
    $token = array_intersect_key($meshes ?? [], ['access_token' => 0, 'expires_at' => 0, 'expires_in' => 0]);
    $seconds = $token['expires_in'] ?? 0;
    $is_valid = is_string($token['expires_at'] ?? '') && (is_int($seconds) || is_float($seconds)) && $seconds < 1e9;
    if (!$is_valid || count($token) < 2 || !is_string($token['access_token'] ?? 0) || $token['access_token'] === '') {
        throw new Problem(502, 'meshes_bad_response');
    }
    return $token;
}

function machine_token(): string
{
    $access_key = setting('MESHES_ACCESS_KEY');
    $head = ['alg' => 'HS256', 'typ' => 'JWT', 'kid' => $access_key];
    $claims = ['org' => setting('MESHES_ORGANIZATION_ID'), 'iss' => "urn:meshes:m2m:$access_key", 'aud' => 'meshes-api'];
    $claims += ['iat' => \time(), 'exp' => \time() + 30];
    $text = encode(json_encode($head)) . '.' . encode(json_encode($claims));
    return $text . '.' . sign(setting('MESHES_SECRET_KEY'), $text);
}

/** Sends one request. Returns the fields of the answer; null for 204. $gone are the statuses of a session that has ended. */
function ask_meshes(string $method, string $path, ?array $body = null, array $gone = []): ?array
{
    [$answer, $retry_after, $curl] = ['', '', curl_init(api_url() . $path)];
    curl_setopt_array($curl, [
        CURLOPT_CUSTOMREQUEST => $method,
        CURLOPT_POSTFIELDS => $body === null ? '' : json_encode($body, JSON_THROW_ON_ERROR),
        CURLOPT_HTTPHEADER => ['Authorization: Bearer ' . machine_token(), 'Content-Type: application/json'],
        CURLOPT_FOLLOWLOCATION => false, // The machine JWT stays with Meshes.
        CURLOPT_TIMEOUT_MS => (int) (setting('MESHES_TIMEOUT', '8') * 1000), // In all. The element waits for 10 seconds.
        CURLOPT_NOSIGNAL => true, // Allows less than a second.
        CURLOPT_HEADERFUNCTION => function ($curl, string $line) use (&$retry_after): int {
            if (preg_match('/^retry-after:(.*)$/i', trim($line), $match)) {
                $retry_after = trim($match[1]);
            }
            return strlen($line);
        },
        CURLOPT_WRITEFUNCTION => function ($curl, string $part) use (&$answer): int {
            $answer .= $part;
            return strlen($answer) > MAX_ANSWER ? -1 : strlen($part);
        },
    ]);
    curl_exec($curl);
    [$error, $status] = [curl_errno($curl), curl_getinfo($curl, CURLINFO_RESPONSE_CODE)];
    // For the log: what Meshes said, without its text, which can quote a token.
    $call = "$method " . preg_replace('~/sessions/[^/]+~', '/sessions/…', $path);
    if ($error !== 0 && $error !== CURLE_WRITE_ERROR) {
        $is_late = $error === CURLE_OPERATION_TIMEDOUT;
        $problem = new Problem($is_late ? 504 : 502, $is_late ? 'meshes_timeout' : 'meshes_unreachable', true);
        error_log("meshes: $call failed: $problem->problem (curl $error)");
        throw $problem;
    }
    if ($status === 204) {
        return null;
    }
    $fields = $error === 0 && $status >= 200 && $status < 300 ? parse_object($answer) : null;
    if ($fields === null) {
        $problem = in_array($status, $gone, true) ? new Problem(410, 'session_expired') : problem_of($status, $retry_after);
        error_log("meshes: $call was answered with $status: $problem->problem");
        throw $problem;
    }
    return $fields;
}

function problem_of(int $status, string $retry_after): Problem
{
    return match (true) {
        $status === 429 => new Problem(429, 'meshes_rate_limited', true, ['Retry-After' => wait_of($retry_after)]),
        $status === 408, $status === 425, $status >= 500 => new Problem(502, 'meshes_unavailable', true),
        $status === 401, $status === 403 => new Problem(502, 'meshes_credentials_rejected'),
        $status === 404, $status === 410 => new Problem(502, 'workspace_not_found'),
        in_array($status, [400, 409, 422], true) => new Problem(502, 'meshes_rejected_request'),
        default => new Problem(502, 'meshes_bad_response'),
    };
}

/** Reads seconds or a date. Returns 5 for everything else, and at most 300. */
function wait_of(string $retry_after): int
{
    $date = \DateTimeImmutable::createFromFormat('D, d M Y H:i:s \G\M\T', $retry_after, new \DateTimeZone('UTC'));
    $wait = $date ? $date->getTimestamp() - time() : 5;
    return max(0, min(ctype_digit($retry_after) ? (int) substr($retry_after, 0, 9) : $wait, 300));
}

/** Handles have a key of their own, so that neither kind of signature passes for the other. */
function handle_key(): string
{
    return hash_hmac('sha256', 'meshes session handle', setting('MESHES_SECRET_KEY'), true);
}

function sign(string $key, string $text): string
{
    return encode(hash_hmac('sha256', $text, $key, true));
}

function encode(string $bytes): string
{
    return rtrim(strtr(base64_encode($bytes), '+/', '-_'), '=');
}

function api_url(): string
{
    $url = rtrim(setting('MESHES_API_URL', 'https://api.meshes.io/api/v1'), '/');
    if (!preg_match('~^' . ORIGIN . '/[!-\~]+$~D', $url)) {
        throw new \RuntimeException('MESHES_API_URL must be an https URL with a path, or http on a loopback host.');
    }
    return $url;
}

function setting(string $name, ?string $default = null): string
{
    return getenv($name) ?: $default ?? throw new \RuntimeException("Set the environment variable $name.");
}

<?php
/**
 * A web application with the session endpoint for <meshes-workspace>, sign-out, a page with the tag, and an event.
 *
 * php -S 127.0.0.1:8000 index.php runs it for development. In production, let your web server send these paths here.
 */
declare(strict_types=1);

ini_set('display_errors', '0');
require __DIR__ . '/meshes_session.php';

/** Replace this: look up your session. Returns fields of POST /sessions, or null if nobody is signed in. */
function authorize(): ?array
{
    $is_signed_in = preg_match('/(?:^|; )user=([A-Za-z0-9_-]+)/', $_SERVER['HTTP_COOKIE'] ?? '', $match);
    return $is_signed_in ? ['external_user_id' => $match[1], 'workspace_id' => Meshes\setting('MESHES_WORKSPACE_ID')] : null;
}

function integrations(): void
{
    $session = authorize();
    if (!$session) {
        http_response_code(401);
        echo 'Sign in first.';
        return;
    }
    header('Cache-Control: private, no-store'); // The launch URL is a credential.
    header('Content-Type: text/html; charset=utf-8');
    $attributes = Meshes\launch($session) + ['token-endpoint' => '/api/meshes/session'];
    ?>
<!doctype html>
<html lang="en">
<title>Integrations</title>
<script src="https://cdn.jsdelivr.net/npm/meshes-workspace@0.1.0/dist/cdn/meshes-workspace.iife.min.js"
  integrity="sha384-mxpSO2MeD6WE4yw2xyeNsowUqU5PY1sKv2NTSGCI9Ov8fqN+CtMdj6595WzdinF2" crossorigin="anonymous" defer></script>
<meshes-workspace<?php foreach ($attributes as $name => $value) {
    echo " $name=\"", htmlspecialchars($value), '"';
} ?>></meshes-workspace>
<?php
}

function add_contact(): array
{
    [$body] = Meshes\read_request();
    Meshes\signed_in('authorize');
    return ['event_id' => Meshes\send_event('contact.created', ['email' => $body['email'] ?? ''])];
}

match (strtok($_SERVER['REQUEST_URI'], '?')) {
    '/api/meshes/session' => Meshes\respond(fn() => Meshes\answer('authorize')),
    '/api/meshes/sign-out' => Meshes\respond(fn() => Meshes\sign_out('authorize')),
    '/api/contacts' => Meshes\respond('add_contact'),
    '/integrations' => integrations(),
    default => http_response_code(404),
};

# A Rack application with the session endpoint for <meshes-workspace>, sign-out, a page with the tag, and an event.
# Rack 2.2 or later. Run it with puma, behind a web server that provides TLS.
require_relative 'meshes_session'

PAGE = <<~HTML.freeze
  <!doctype html>
  <html lang="en">
  <title>Integrations</title>
  <script src="https://cdn.jsdelivr.net/npm/meshes-workspace@0.1.0/dist/cdn/meshes-workspace.iife.min.js"
    integrity="sha384-mxpSO2MeD6WE4yw2xyeNsowUqU5PY1sKv2NTSGCI9Ov8fqN+CtMdj6595WzdinF2" crossorigin="anonymous" defer></script>
  <meshes-workspace %s token-endpoint="/api/meshes/session"></meshes-workspace>
HTML

# Replace this: look up your session. Returns fields of POST /sessions, or nil if nobody is signed in.
def authorize(request)
  user = request.get_header('HTTP_COOKIE').to_s.b[/(?:\A|; )user=([A-Za-z0-9_-]+)/, 1]
  user && { external_user_id: user, workspace_id: Meshes::WORKSPACE_ID }
end

def integrations(request)
  session = authorize(request)
  return [401, { 'content-type' => 'text/plain' }, ['Sign in first.']] unless session

  attributes = Meshes.launch(request, session).map { |name, value| %(#{name}="#{Rack::Utils.escape_html(value)}") }
  # The launch URL is a credential.
  headers = { 'content-type' => 'text/html; charset=utf-8', 'cache-control' => 'private, no-store' }
  [200, headers, [format(PAGE, attributes.join(' '))]]
end

def add_contact(request)
  body, = Meshes.read_request(request)
  Meshes.signed_in { authorize(request) }
  { event_id: Meshes.send_event('contact.created', { email: body['email'] }) }
end

use Rack::Head
run(lambda do |env|
  request = Rack::Request.new(env)
  case request.path
  when '/api/meshes/session' then Meshes.respond { Meshes.answer(request) { authorize(request) } }
  when '/api/meshes/sign-out' then Meshes.respond { Meshes.sign_out(request) { authorize(request) } }
  when '/api/contacts' then Meshes.respond { add_contact(request) }
  when '/integrations' then integrations(request)
  else [404, { 'content-type' => 'text/plain' }, ['Not found.']]
  end
end)

# The session endpoint for <meshes-workspace>: config.ru uses it. Ruby 2.7 or later, with the gems rack and jwt.
require 'digest'
require 'json'
require 'jwt'
require 'logger'
require 'net/http'
require 'rack'
require 'timeout'

module Meshes
  ORIGIN = %r{(?:https://[a-z0-9.-]+|http://(?:(?:[a-z0-9_.-]+\.)?localhost|127(?:\.[0-9]+){3}|\[::1\]))(?::[0-9]+)?}
  SESSION_ID = /\A(?!\.+\z)[A-Za-z0-9_.:~+=@-]{1,255}\z/ # Cannot change the path of a request.
  API_URL = ENV.fetch('MESHES_API_URL', 'https://api.meshes.io/api/v1').chomp('/')
  abort 'MESHES_API_URL must be an https URL with a path, or http on a loopback host.' unless API_URL.match?(%r{\A#{ORIGIN}/[!-~]+\z})
  ACCESS_KEY, SECRET_KEY, WORKSPACE_ID = %w[ACCESS_KEY SECRET_KEY WORKSPACE_ID].map { |name| ENV.fetch("MESHES_#{name}") }
  ORGANIZATION_ID = ENV.fetch('MESHES_ORGANIZATION_ID')
  # Handles have a key of their own, so that neither kind of signature passes for the other.
  HANDLE_KEY = OpenSSL::HMAC.digest('SHA256', SECRET_KEY, 'meshes session handle')
  TIMEOUT = Float(ENV.fetch('MESHES_TIMEOUT', '8')) # Seconds. The element waits for 10.
  MAX_BODY, MAX_ANSWER, MAX_SESSION_AGE = 16 * 1024, 64 * 1024, 12 * 60 * 60
  LOG = Logger.new($stderr, formatter: ->(*, text) { "#{text}\n" })

  class Problem < StandardError
    attr_reader :status, :code, :retryable, :headers

    def initialize(status, code, retryable: false, headers: {})
      @status, @code, @retryable, @headers = status, code, retryable, headers
      super(code)
    end
  end

  module_function

  # Runs the block, which returns a hash or nil. Returns the answer as Rack expects it.
  def respond
    result = yield
    result ? json(200, 'application/json', result) : [204, { 'cache-control' => 'no-store' }, []]
  rescue StandardError => e
    LOG.error("meshes: #{e.class}") unless e.is_a?(Problem) # Only the class: the text can hold a token.
    e = Problem.new(500, 'internal_error', retryable: true) unless e.is_a?(Problem)
    body = { title: e.code.tr('_', ' ').capitalize, status: e.status, code: e.code, retryable: e.retryable }
    json(e.status, 'application/problem+json', body, e.headers)
  end

  def json(status, type, body, headers = {})
    fixed = { 'content-type' => type, 'cache-control' => 'no-store', 'date' => Time.now.httpdate }
    [status, fixed.merge(headers), [JSON.generate(body)]]
  end

  # Checks a request. Returns its JSON object, and the origin of the page, which must be a page of this site.
  def read_request(request)
    raise Problem.new(405, 'method_not_allowed', headers: { 'allow' => 'POST' }) unless request.post?

    origin, site = %w[HTTP_ORIGIN HTTP_SEC_FETCH_SITE].map { |name| request.get_header(name) }
    is_own = site == 'same-origin' || (site.nil? && own_origins(request).include?(origin))
    raise Problem.new(403, 'csrf_rejected') unless is_own && /\A#{ORIGIN}\z/.match?(origin.to_s)

    type = request.get_header('CONTENT_TYPE').to_s.split(';').first.to_s.strip.downcase
    raise Problem.new(415, 'content_type_unsupported') unless type == 'application/json'
    raise Problem.new(411, 'length_required') if request.get_header('HTTP_TRANSFER_ENCODING')

    length = request.get_header('CONTENT_LENGTH') || '0'
    raise Problem.new(400, 'body_malformed') unless length.match?(/\A[0-9]+\z/)
    raise Problem.new(413, 'body_too_large') if length.to_i > MAX_BODY

    body = parse_object(request.body.read(length.to_i).to_s)
    raise Problem.new(400, 'body_malformed') unless body

    is_text = body['session_id'].is_a?(String) && !body['session_id'].empty?
    raise Problem.new(400, 'session_id_invalid') if body.key?('session_id') && !is_text

    is_page = %w[dashboard connections rules events].include?(body['launch_page'])
    raise Problem.new(400, 'launch_page_invalid') if body.key?('launch_page') && !is_page

    [body, origin]
  end

  # The scheme of the page is unknown where TLS ends at a proxy. ORIGIN accepts http on a loopback host only.
  def own_origins(request)
    host = request.get_header('HTTP_HOST').to_s.downcase
    ["https://#{host.delete_suffix(':443')}", "http://#{host.delete_suffix(':80')}"]
  end

  # Returns a JSON object, and nil for everything else.
  def parse_object(text)
    value = JSON.parse(text.dup.force_encoding('UTF-8'))
    value if value.is_a?(Hash)
  rescue JSON::ParserError, EncodingError
    nil
  end

  # The session endpoint. The block returns fields of POST /sessions, or nil.
  def answer(request, &authorize)
    body, origin = read_request(request)
    session = signed_in(&authorize)
    return refresh(session, body['session_id']) if body.key?('session_id')

    page = session[:launch_path] ? {} : body.slice('launch_page').transform_keys(&:to_sym)
    create({ allowed_origins: [origin], **page, **session })
  end

  # Ends the session of a handle. Its age and its rights do not matter.
  def sign_out(request, &authorize)
    body, = read_request(request)
    raise Problem.new(400, 'session_id_invalid') unless body.key?('session_id')

    fields = open_handle(body['session_id'], signed_in(&authorize))
    ended = ask_meshes(Net::HTTP::Delete, "/sessions/#{escape(fields['session_id'])}", gone: [404, 410])
    raise Problem.new(502, 'meshes_bad_response') unless ended.nil? || ended['revoked'] == true
  rescue Problem => e
    raise unless e.code == 'session_expired'
  end

  # For a page that is rendered on the server. Returns attributes of the tag; none if Meshes is not available.
  def launch(request, session)
    origin = own_origins(request).grep(/\A#{ORIGIN}\z/).last
    created = create({ allowed_origins: [origin], **session })
    { 'launch-url' => created['launch_url'], 'session-id' => created['session_id'] }
  rescue Problem
    {} # The element then asks the session endpoint.
  end

  # Sends an event. Returns its ID.
  def send_event(name, payload)
    event = { event: name, workspace: WORKSPACE_ID, payload: payload }
    ask_meshes(Net::HTTP::Post, '/events', event)['event']['id']
  end

  def signed_in
    yield || raise(Problem.new(401, 'not_signed_in'))
  end

  def create(session)
    meshes = ask_meshes(Net::HTTP::Post, '/sessions', session)
    id, launch_url = meshes.values_at('session_id', 'launch_url').map { |text| text.is_a?(String) ? text : '' }
    embed = %r{\A(#{ORIGIN})/[!-~]*\z}.match(launch_url)
    raise Problem.new(502, 'meshes_bad_response') unless SESSION_ID.match?(id) && embed

    fields = { session_id: id, embed_origin: embed[1], issued: Time.now.to_i }
    handle = JWT.encode({ **identity_of(session), **fields }, HANDLE_KEY, 'HS256')
    token_of(meshes).merge('session_id' => handle, 'embed_origin' => embed[1], 'launch_url' => launch_url)
  end

  def refresh(session, handle)
    fields = open_handle(handle, session)
    # Meshes keeps the rights of a session. A user who lost a right must not keep it by a refresh.
    raise Problem.new(403, 'grant_changed') unless fields['grant'] == identity_of(session)[:grant]
    raise Problem.new(410, 'session_expired') if Time.now.to_i - fields['issued'] >= MAX_SESSION_AGE

    session_id = fields['session_id']
    meshes = ask_meshes(Net::HTTP::Post, "/sessions/#{escape(session_id)}/refresh", gone: [404, 409, 410])
    raise Problem.new(502, 'meshes_bad_response') unless [nil, session_id].include?(meshes['session_id'])

    token_of(meshes).merge('session_id' => handle, 'embed_origin' => fields['embed_origin'])
  end

  # What the handle is bound to. The grant is a digest of the rights, with Meshes' default values.
  def identity_of(session)
    rights = [session[:role] || 'member', session[:session_type] || 'workspace']
    rights += [session[:resource], session[:resource_id], (session[:scopes] || []).uniq.sort]
    grant = Digest::SHA256.hexdigest(JSON.generate(rights))
    { version: 1, user: session[:external_user_id], workspace: session[:workspace_id], grant: grant }
  end

  def open_handle(handle, session)
    raise Problem.new(403, 'handle_invalid') unless handle.count('.') == 2 # JWT ignores dots at the end.

    fields, = JWT.decode(handle, HANDLE_KEY, true, algorithm: 'HS256')
    identity = identity_of(session)
    codes = { version: 'handle_invalid', user: 'handle_of_another_user', workspace: 'handle_of_another_workspace' }
    codes.each { |name, code| raise Problem.new(403, code) unless fields[name.to_s] == identity[name] }
    fields
  rescue JWT::DecodeError
    raise Problem.new(403, 'handle_invalid')
  end

  def token_of(meshes)
    token = meshes.slice('access_token', 'expires_at', 'expires_in')
    is_valid = token.fetch('expires_at', '').is_a?(String) && token.fetch('expires_in', 0).is_a?(Numeric)
    is_there = token.size > 1 && token['access_token'].is_a?(String) && !token['access_token'].empty?
    raise Problem.new(502, 'meshes_bad_response') unless is_valid && is_there && token.fetch('expires_in', 0) < 1e9

    token
  end

  def machine_token
    now = Time.now.to_i
    claims = { org: ORGANIZATION_ID, iss: "urn:meshes:m2m:#{ACCESS_KEY}", aud: 'meshes-api', iat: now, exp: now + 30 }
    JWT.encode(claims, SECRET_KEY, 'HS256', typ: 'JWT', kid: ACCESS_KEY)
  end

  # Sends one request. Net::HTTP follows no redirect, so the machine JWT stays with Meshes.
  def ask_meshes(method, path, body = nil, gone: [])
    # For the log: what Meshes said, without its text, which can quote a token.
    call = "#{method::METHOD} #{path.sub(%r{/sessions/[^/]+}, '/sessions/…')}"
    uri = URI(API_URL + path)
    request = method.new(uri, 'Content-Type' => 'application/json', 'Accept-Encoding' => 'identity')
    request['Authorization'] = "Bearer #{machine_token}"
    request.body = body ? JSON.generate(body) : ''
    response, answer = send_within_timeout(uri, request)
    return nil if response.code == '204'

    object = parse_object(answer) if response.is_a?(Net::HTTPSuccess) && answer.bytesize <= MAX_ANSWER
    return object if object

    problem = problem_of(response.code.to_i, response['Retry-After'].to_s, gone)
    LOG.warn("meshes: #{call} was answered with #{response.code}: #{problem.code}")
    raise problem
  rescue Timeout::Error, SystemCallError, IOError, SocketError, OpenSSL::SSL::SSLError, Net::ProtocolError, Net::HTTPBadResponse => e
    code = e.is_a?(Timeout::Error) ? 'meshes_timeout' : 'meshes_unreachable'
    LOG.warn("meshes: #{call} failed: #{code} (#{e.class})")
    raise Problem.new(e.is_a?(Timeout::Error) ? 504 : 502, code, retryable: true)
  end

  # The time limits of Net::HTTP apply to each read. This one applies to the whole call.
  def send_within_timeout(uri, request)
    Timeout.timeout(TIMEOUT) do
      Net::HTTP.start(uri.host, uri.port, use_ssl: uri.scheme == 'https', max_retries: 0) do |http|
        answer = +''
        response = http.request(request) do |head|
          head.read_body { |part| (answer << part).bytesize > MAX_ANSWER and return [head, answer] }
        end
        # Net::HTTP takes an answer that breaks off for a complete one.
        raise EOFError if answer.bytesize < response.content_length.to_i

        [response, answer]
      end
    end
  end

  def problem_of(status, retry_after, gone)
    return Problem.new(410, 'session_expired') if gone.include?(status)

    case status
    when 429
      Problem.new(429, 'meshes_rate_limited', retryable: true, headers: { 'retry-after' => wait_of(retry_after).to_s })
    when 408, 425, 500.. then Problem.new(502, 'meshes_unavailable', retryable: true)
    when 401, 403 then Problem.new(502, 'meshes_credentials_rejected')
    when 404, 410 then Problem.new(502, 'workspace_not_found')
    when 400, 409, 422 then Problem.new(502, 'meshes_rejected_request')
    else Problem.new(502, 'meshes_bad_response')
    end
  end

  # Reads seconds or a date. Returns 5 for everything else, and at most 300.
  def wait_of(retry_after)
    wait = retry_after.match?(/\A[0-9]+\z/) ? retry_after.to_i : (Time.httpdate(retry_after) - Time.now).to_i
    wait.clamp(0, 300)
  rescue ArgumentError
    5
  end

  def escape(text)
    URI.encode_www_form_component(text)
  end
end

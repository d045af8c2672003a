/**
 * Samples with one rule of docs/backend-http.md taken out or bent. A hostile case must notice each of them, and check-endpoint
 * each that can be seen from outside.
 */
import type {Change, SampleApp} from './sample-apps.js';

interface BrokenRule {
  /** Completes "a sample …". */
  name: string;
  /** The name of a hostile case that fails. Sign-out is not part of these cases. */
  caughtBy?: string;
  /** The probes of check-endpoint that report it. None, if it cannot be seen from outside. */
  reportedBy: readonly string[];
}

const REFRESH = 'a refresh is';
const NEW_SESSION =
  'a request for a new session is answered with the fields that the element needs';
const TOKEN =
  'a refresh is answered with a token, embed_origin, the same session_id, and no launch_url';
const FAULT = 'a fault of Meshes is answered with 502';

const RULES = {
  age: {
    name: 'that refreshes a session of any age',
    caughtBy: `${REFRESH} answered for 12 hours, and not a second longer`,
    reportedBy: ['session-id-old'],
  },
  user: {
    name: 'that refreshes a session of another user',
    caughtBy: `${REFRESH} refused for a session of another user`,
    reportedBy: ['other-user', 'sign-out-other-user'],
  },
  rights: {
    name: 'that refreshes a session although the rights of the user have changed',
    caughtBy: `${REFRESH} refused if the user now has a lower role`,
    reportedBy: ['rights-changed'],
  },
  signature: {
    name: 'that does not verify the signature of a handle',
    caughtBy: `${REFRESH} refused if any character of the session_id has changed`,
    reportedBy: ['session-id-tampered', 'session-id-unsigned'],
  },
  key: {
    name: 'that signs handles with the secret key itself',
    caughtBy: `${REFRESH} refused if the session_id is signed with the secret key itself`,
    reportedBy: [],
  },
  redirect: {
    name: 'that follows a redirect of Meshes',
    caughtBy: `${FAULT} meshes_bad_response when a session is created: redirect 307 to another host`,
    reportedBy: [],
  },
  cache: {
    name: 'that lets answers be cached',
    caughtBy: NEW_SESSION,
    reportedBy: ['no-store'],
  },
  rawId: {
    name: 'that gives the session ID of Meshes to the page',
    caughtBy: NEW_SESSION,
    reportedBy: ['refresh-answers', 'session-id (warning)'],
  },
  signedOut: {
    name: 'that answers 500 to a visitor who is not signed in',
    caughtBy: 'a request is refused with 401: a request without a signed-in user',
    reportedBy: ['signed-out', 'signed-out-refresh'],
  },
  html: {
    name: 'that sends refusals as HTML',
    caughtBy: 'a request is refused with 401: a request without a signed-in user',
    reportedBy: ['problem-document', 'signed-out', 'signed-out-refresh'],
  },
  cors: {
    name: 'that lets pages of every origin read its answers',
    caughtBy: 'a request starts a session: a request of an older browser',
    reportedBy: ['cors'],
  },
  origin: {
    name: 'that accepts requests of pages of every site',
    caughtBy: 'a request is refused with 403: an Origin of another site',
    reportedBy: [
      'fetch-site-cross-site',
      'fetch-site-none',
      'fetch-site-same-site',
      'forwarded-host',
      'origin-foreign',
      'origin-lookalike',
      'sign-out-foreign',
    ],
  },
  site: {
    name: 'that does not read Sec-Fetch-Site',
    caughtBy: 'a request is refused with 403: Sec-Fetch-Site: cross-site with the own Origin',
    reportedBy: ['fetch-site-cross-site', 'fetch-site-none', 'fetch-site-same-site'],
  },
  contentType: {
    name: 'that accepts every content type',
    caughtBy: 'a request is refused with 415: plain text',
    reportedBy: ['content-type-form', 'content-type-text', 'sign-out-foreign'],
  },
  size: {
    name: 'that reads bodies of any size',
    caughtBy: 'a request is refused with 413: a body of one byte too many',
    reportedBy: ['body-huge', 'body-too-large'],
  },
  bodyFields: {
    name: 'that passes fields of the body on to Meshes',
    caughtBy: 'a request starts a session: fields that it does not know, without effect',
    reportedBy: ['body-fields'],
  },
  launchToken: {
    name: 'that passes the launch token on to the page',
    caughtBy: NEW_SESSION,
    reportedBy: ['no-secrets'],
  },
  refreshId: {
    name: 'that answers a refresh without session_id',
    caughtBy: TOKEN,
    reportedBy: ['refresh-keeps-id'],
  },
  embedOrigin: {
    name: 'that answers a refresh without embed_origin',
    caughtBy: TOKEN,
    reportedBy: ['embed-origin'],
  },
  retryable: {
    name: 'that says that a failure of Meshes is final',
    caughtBy: `${FAULT} meshes_unavailable when a session is created: status 503`,
    reportedBy: [],
  },
  signOut: {
    name: 'that answers a sign-out without ending the session',
    reportedBy: ['sign-out'],
  },
} satisfies Record<string, BrokenRule>;

type Rule = keyof typeof RULES;

export interface SampleMutant extends BrokenRule {
  change: Change;
}

type Edits = Record<Rule, [find: string, replace: string]>;

const FILES: Record<SampleApp['folder'], string> = {
  python: 'meshes_session.py',
  php: 'meshes_session.php',
  ruby: 'meshes_session.rb',
  go: 'meshes.go',
};

const EDITS: Record<SampleApp['folder'], Edits> = {
  python: {
    age: ['>= MAX_SESSION_AGE', '>= 10 * MAX_SESSION_AGE'],
    user: ['"user": "handle_of_another_user", ', ''],
    rights: ['fields["grant"] != identity_of(session)["grant"]', 'False'],
    signature: [
      'algorithms=["HS256"])',
      'algorithms=["HS256"], options={"verify_signature": False})',
    ],
    key: [
      'hmac.digest(SECRET_KEY.encode(), b"meshes session handle", "sha256")',
      'SECRET_KEY.encode()',
    ],
    redirect: [
      'response = connection.getresponse()\n',
      `response = connection.getresponse()
                if response.status in (301, 302, 307, 308):
                    connection = Connection(urlsplit(response.headers["Location"]).netloc)
                    connection.request(method, api.path + path, data, headers)
                    response = connection.getresponse()
`,
    ],
    cache: ['"Cache-Control": "no-store", ', ''],
    rawId: [
      '"session_id": handle, "embed_origin": embed[1]',
      '"session_id": session_id, "embed_origin": embed[1]',
    ],
    signedOut: ['raise Problem(401, "not_signed_in")', 'raise KeyError'],
    html: ['"application/problem+json"', '"text/html"'],
    cors: ['fixed = {', 'fixed = {"Access-Control-Allow-Origin": "*", '],
    origin: ['if not is_own or not re', 'if not re'],
    contentType: ['.lower() != "application/json"', '.lower() == ""'],
    retryable: ['"meshes_unavailable", retryable=True', '"meshes_unavailable"'],
    site: ['site is None and origin', 'origin'],
    size: ['MAX_SESSION_AGE = 16 * 1024', 'MAX_SESSION_AGE = 16_000_000'],
    bodyFields: ['**page, **session}', '**page, **session, **body}'],
    launchToken: [
      '("access_token", "expires_at",',
      '("launch_token", "access_token", "expires_at",',
    ],
    refreshId: ['"session_id": handle, "embed_origin": fields', '"embed_origin": fields'],
    embedOrigin: [', "embed_origin": fields["embed_origin"]}', '}'],
    signOut: [
      `ask_meshes("DELETE", f"/sessions/{quote(fields['session_id'], safe='')}")`,
      'fields and None',
    ],
  },
  php: {
    age: ['>= MAX_SESSION_AGE', '>= 10 * MAX_SESSION_AGE'],
    user: ["'handle_of_another_user' => 'user', ", ''],
    rights: ["$fields['grant'] !== identity_of($session)['grant']", 'false'],
    signature: ['!hash_equals(sign(handle_key(), $text), $signature)', "$signature === ''"],
    key: [
      "hash_hmac('sha256', 'meshes session handle', setting('MESHES_SECRET_KEY'), true)",
      "setting('MESHES_SECRET_KEY')",
    ],
    redirect: ['CURLOPT_FOLLOWLOCATION => false', 'CURLOPT_FOLLOWLOCATION => true'],
    cache: ["    header('Cache-Control: no-store');\n", ''],
    rawId: [
      "return ['session_id' => $handle, 'embed_origin' => $embed[1]",
      "return ['session_id' => $id, 'embed_origin' => $embed[1]",
    ],
    signedOut: ["throw new Problem(401, 'not_signed_in')", "throw new \\LogicException('')"],
    html: ["'application/problem+json'", "'text/html'"],
    cors: [
      "    header('Cache-Control: no-store');\n",
      "    header('Cache-Control: no-store');\n    header('Access-Control-Allow-Origin: *');\n",
    ],
    origin: ['if (!$is_own || !is_origin', 'if (!is_origin'],
    contentType: ["!== 'application/json') {", "=== '') {"],
    retryable: ["'meshes_unavailable', true", "'meshes_unavailable', false"],
    site: ['($site === null && in_array', '(in_array'],
    size: ['MAX_BODY = 16 * 1024', 'MAX_BODY = 16_000_000'],
    bodyFields: ['create($session + $page', 'create($body + $session + $page'],
    launchToken: ["['access_token' => 0,", "['launch_token' => 0, 'access_token' => 0,"],
    refreshId: [
      "['session_id' => $handle, 'embed_origin' => $fields",
      "['embed_origin' => $fields",
    ],
    embedOrigin: [", 'embed_origin' => $fields['embed_origin']]", ']'],
    signOut: [
      "ask_meshes('DELETE', '/sessions/' . rawurlencode($fields['session_id']), null, [404, 410])",
      'null',
    ],
  },
  ruby: {
    age: ['>= MAX_SESSION_AGE', '>= 10 * MAX_SESSION_AGE'],
    user: ["user: 'handle_of_another_user', ", ''],
    rights: ["unless fields['grant'] == identity_of(session)[:grant]", 'if false'],
    signature: [
      "JWT.decode(handle, HANDLE_KEY, true, algorithm: 'HS256')",
      'JWT.decode(handle, nil, false)',
    ],
    key: ["OpenSSL::HMAC.digest('SHA256', SECRET_KEY, 'meshes session handle')", 'SECRET_KEY'],
    redirect: [
      '    return nil if response.code',
      `    if response.is_a?(Net::HTTPRedirection)
      elsewhere = URI(response['Location'])
      response, answer = send_within_timeout(elsewhere, request)
    end
    return nil if response.code`,
    ],
    cache: [
      "    fixed = { 'content-type' => type, 'cache-control' => 'no-store', ",
      "    fixed = { 'content-type' => type, ",
    ],
    rawId: [
      "merge('session_id' => handle, 'embed_origin' => embed[1]",
      "merge('session_id' => id, 'embed_origin' => embed[1]",
    ],
    signedOut: ["raise(Problem.new(401, 'not_signed_in'))", 'raise(KeyError)'],
    html: ["'application/problem+json'", "'text/html'"],
    cors: ['    fixed = { ', "    fixed = { 'access-control-allow-origin' => '*', "],
    origin: ['unless is_own && /', 'unless /'],
    contentType: ["unless type == 'application/json'", "if type == ''"],
    retryable: ["'meshes_unavailable', retryable: true", "'meshes_unavailable'"],
    site: ['(site.nil? && own', '(own'],
    size: ['MAX_SESSION_AGE = 16 * 1024', 'MAX_SESSION_AGE = 16_000_000'],
    bodyFields: ['**page, **session }', '**page, **session, **body.transform_keys(&:to_sym) }'],
    launchToken: ["slice('access_token',", "slice('launch_token', 'access_token',"],
    refreshId: [
      "merge('session_id' => handle, 'embed_origin' => fields",
      "merge('embed_origin' => fields",
    ],
    embedOrigin: [", 'embed_origin' => fields['embed_origin'])", ')'],
    signOut: [
      'ask_meshes(Net::HTTP::Delete, "/sessions/#{escape(fields[\'session_id\'])}", gone: [404, 410])',
      'nil',
    ],
  },
  go: {
    age: ['>= maxSessionAge', '>= 10*maxSessionAge'],
    user: ['fields.UserID != session.UserID', 'fields.UserID == ""'],
    rights: ['fields.Grant != grantOf(session)', 'fields.Grant == ""'],
    signature: [
      '!hmac.Equal([]byte(signature), []byte(encode(sign(handleKey, content))))',
      'signature == ""',
    ],
    key: ['handleKey = sign(secretKey, "meshes session handle")', 'handleKey = secretKey'],
    redirect: ['{ return http.ErrUseLastResponse }', '{ return nil }'],
    cache: ['		w.Header().Set("Cache-Control", "no-store")\n', ''],
    rawId: [
      'answer["session_id"] = handle + "." + encode(sign(handleKey, handle))',
      '_, answer["session_id"] = handle, id',
    ],
    signedOut: ['problem(401, "not_signed_in")', 'errors.New("")'],
    html: ['"application/problem+json"', '"text/html"'],
    cors: [
      '		w.Header().Set("Cache-Control", "no-store")\n',
      '		w.Header().Set("Cache-Control", "no-store")\n		w.Header().Set("Access-Control-Allow-Origin", "*")\n',
    ],
    origin: ['if !isOwn || !isOrigin', 'if _ = isOwn; !isOrigin'],
    contentType: ['!= "application/json" {', '== "" {'],
    retryable: ['code == "meshes_unavailable" || ', ''],
    site: ['(!hasSite && (', '((hasSite || !hasSite) && ('],
    size: ['maxBody       = 16 * 1024', 'maxBody       = 16_000_000'],
    bodyFields: [
      '	return create(session)',
      '	session.UserID = or(text(request.body["external_user_id"]), session.UserID)\n	return create(session)',
    ],
    launchToken: ['token := object{', 'token := object{"launch_token": meshes["launch_token"], '],
    refreshId: [
      'answer["session_id"], answer["embed_origin"] = handle, fields.EmbedOrigin',
      'answer["embed_origin"] = fields.EmbedOrigin',
    ],
    embedOrigin: [
      'answer["session_id"], answer["embed_origin"] = handle, fields.EmbedOrigin',
      'answer["session_id"] = handle',
    ],
    signOut: [
      'askMeshes("DELETE", "/sessions/"+url.QueryEscape(fields.SessionID), nil, 404, 410)',
      'object(nil), error(nil)\n	_ = fields',
    ],
  },
};

/** Django shares its rules with Flask: what counts there is that the rules are in force behind Django's layers. */
const DJANGO_RULES: readonly Rule[] = [
  'age',
  'user',
  'signature',
  'cache',
  'signedOut',
  'html',
  'cors',
  'origin',
  'site',
  'signOut',
];

/** Probes whose requests the CSRF layer of Django refuses: behind https, it asks for a Referer. */
const DJANGO_REFUSES = ['forwarded-host'];

export function mutantsOf({folder, language}: SampleApp): SampleMutant[] {
  const [file, edits] = [FILES[folder], EDITS[folder]];
  if (file === undefined || edits === undefined) throw new Error(`No mutants for ${folder}`);
  const isDjango = language === 'Python with Django';
  const rules = isDjango ? DJANGO_RULES : (Object.keys(RULES) as Rule[]);
  return rules.map(rule => {
    const [find, replace] = edits[rule];
    const {reportedBy, ...broken}: BrokenRule = RULES[rule];
    return {
      ...broken,
      change: {file, find, replace},
      reportedBy: isDjango ? reportedBy.filter(id => !DJANGO_REFUSES.includes(id)) : reportedBy,
    };
  });
}

/**
 * Samples with one rule of docs/backend-http.md taken out or bent, and a hostile case that must notice it. They show that the
 * table of hostile cases is worth something.
 */
import type {Change, SampleApp} from './sample-apps.js';

const CASES = {
  age: 'a refresh is answered for 12 hours, and not a second longer',
  user: 'a refresh is refused for a session of another user',
  rights: 'a refresh is refused if the user now has a lower role',
  signature: 'a refresh is refused if any character of the session_id has changed',
  key: 'a refresh is refused if the session_id is signed with the secret key itself',
  redirect:
    'a fault of Meshes is answered with 502 meshes_bad_response when a session is created: redirect 307 to another host',
  cache: 'a request for a new session is answered with the fields that the element needs',
  rawId: 'a request for a new session is answered with the fields that the element needs',
  signedOut: 'a request is refused with 401: a request without a signed-in user',
  html: 'a request is refused with 401: a request without a signed-in user',
  cors: 'a request starts a session: a request of an older browser',
  origin: 'a request is refused with 403: an Origin of another site',
  contentType: 'a request is refused with 415: plain text',
  retryable:
    'a fault of Meshes is answered with 502 meshes_unavailable when a session is created: status 503',
} as const;

type Rule = keyof typeof CASES;

export interface SampleMutant {
  /** Completes "a sample …". */
  name: string;
  change: Change;
  /** The name of a hostile case that fails. */
  caughtBy: string;
}

const NAMES: Record<Rule, string> = {
  age: 'that refreshes a session of any age',
  user: 'that refreshes a session of another user',
  rights: 'that refreshes a session although the rights of the user have changed',
  signature: 'that does not verify the signature of a handle',
  key: 'that signs handles with the secret key itself',
  redirect: 'that follows a redirect of Meshes',
  cache: 'that lets answers be cached',
  rawId: 'that gives the session ID of Meshes to the page',
  signedOut: 'that answers 500 to a visitor who is not signed in',
  html: 'that sends refusals as HTML',
  cors: 'that lets pages of every origin read its answers',
  origin: 'that accepts requests of pages of every site',
  contentType: 'that accepts every content type',
  retryable: 'that says that a failure of Meshes is final',
};

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
];

export function mutantsOf({folder, language}: SampleApp): SampleMutant[] {
  const [file, edits] = [FILES[folder], EDITS[folder]];
  if (file === undefined || edits === undefined) throw new Error(`No mutants for ${folder}`);
  const rules = language === 'Python with Django' ? DJANGO_RULES : (Object.keys(CASES) as Rule[]);
  return rules.map(rule => {
    const [find, replace] = edits[rule];
    return {name: NAMES[rule], change: {file, find, replace}, caughtBy: CASES[rule]};
  });
}

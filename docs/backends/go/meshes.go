// The session endpoint for <meshes-workspace>: main.go uses it. Go 1.19 or later, standard library only.
package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"time"
)

const (
	originPattern = `(?:https://[a-z0-9.-]+|http://(?:(?:[a-z0-9_.-]+\.)?localhost|127(?:\.[0-9]+){3}|\[::1\]))(?::[0-9]+)?`
	maxBody       = 16 * 1024
	maxAnswer     = 64 * 1024
	maxSessionAge = 12 * 60 * 60 // Seconds.
)

var (
	isOrigin    = regexp.MustCompile(`^` + originPattern + `$`)
	launchURL   = regexp.MustCompile(`^(` + originPattern + `)/[!-~]*$`)
	isSessionID = regexp.MustCompile(`^[A-Za-z0-9_.:~+=@-]{1,255}$`) // Cannot change the path of a request.
	apiURL      = apiSetting()
	accessKey   = setting("MESHES_ACCESS_KEY", "")
	secretKey   = []byte(setting("MESHES_SECRET_KEY", ""))
	workspaceID = setting("MESHES_WORKSPACE_ID", "")
	// Handles have a key of their own, so that neither kind of signature passes for the other.
	handleKey = sign(secretKey, "meshes session handle")
	now       = time.Now
	// Follows no redirect, so that the machine JWT stays with Meshes. The time limit includes the body.
	client = &http.Client{
		Timeout:       duration(setting("MESHES_TIMEOUT", "8")), // The element waits for 10 seconds.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
)

// Session has fields of POST /sessions.
type Session struct {
	UserID         string   `json:"external_user_id"`
	WorkspaceID    string   `json:"workspace_id"`
	Role           string   `json:"role,omitempty"`
	SessionType    string   `json:"session_type,omitempty"`
	Resource       string   `json:"resource,omitempty"`
	ResourceID     string   `json:"resource_id,omitempty"`
	Scopes         []string `json:"scopes,omitempty"`
	LaunchPage     string   `json:"launch_page,omitempty"`
	LaunchPath     string   `json:"launch_path,omitempty"`
	AllowedOrigins []string `json:"allowed_origins,omitempty"`
	TTL            int      `json:"ttl_seconds,omitempty"`
	LaunchTTL      int      `json:"launch_ttl_seconds,omitempty"`
}

// Problem is an answer that is not a success.
type Problem struct {
	Title     string `json:"title"`
	Status    int    `json:"status"`
	Code      string `json:"code"`
	Retryable bool   `json:"retryable"`
	wait      string
}

func (p Problem) Error() string { return p.Code }

func problem(status int, code string) Problem {
	retryable := status == 429 || status == 504 || code == "meshes_unavailable" || code == "meshes_unreachable" ||
		code == "internal_error" || code == "body_timeout"
	title := strings.ToUpper(code[:1]) + strings.ReplaceAll(code[1:], "_", " ")
	return Problem{Title: title, Status: status, Code: code, Retryable: retryable}
}

type object = map[string]any

// handle makes a route of work, which returns a JSON object or nil.
func handle(work func(*http.Request) (object, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var answer any
		status := http.StatusNoContent
		w.Header().Set("Cache-Control", "no-store")
		result, err := work(r)
		if err != nil {
			var known Problem
			if !errors.As(err, &known) {
				log.Printf("meshes: %T", err) // Only the type: the text can hold a token.
				known = problem(500, "internal_error")
			}
			w.Header().Set("Content-Type", "application/problem+json")
			if known.Status == 405 {
				w.Header().Set("Allow", "POST")
			}
			if known.Status == 429 {
				w.Header().Set("Retry-After", known.wait)
			}
			status, answer = known.Status, known
		} else if result != nil {
			w.Header().Set("Content-Type", "application/json")
			status, answer = http.StatusOK, result
		}
		w.WriteHeader(status)
		if answer != nil {
			json.NewEncoder(w).Encode(answer)
		}
	}
}

// header returns the value of a header. One that is sent twice becomes a list, which no check accepts.
func header(r *http.Request, name string) string { return strings.Join(r.Header.Values(name), ", ") }

// Request is what is used of a request that has passed the checks.
type Request struct {
	body    object
	origin  string // Of the page, which is a page of this site.
	session *Session
}

func readRequest(r *http.Request) (*Request, error) {
	if r.Method != "POST" {
		return nil, problem(405, "method_not_allowed")
	}
	origin := header(r, "Origin")
	https, http := ownOrigins(r)
	_, hasSite := r.Header["Sec-Fetch-Site"]
	isOwn := header(r, "Sec-Fetch-Site") == "same-origin" || (!hasSite && (origin == https || origin == http))
	if !isOwn || !isOrigin.MatchString(origin) {
		return nil, problem(403, "csrf_rejected")
	}
	contentType, _, _ := strings.Cut(header(r, "Content-Type"), ";")
	if strings.ToLower(strings.TrimSpace(contentType)) != "application/json" {
		return nil, problem(415, "content_type_unsupported")
	}
	if r.ContentLength < 0 {
		return nil, problem(411, "length_required")
	}
	if r.ContentLength > maxBody {
		return nil, problem(413, "body_too_large")
	}
	data, err := io.ReadAll(r.Body)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return nil, problem(408, "body_timeout")
	}
	var body object
	if err != nil || json.Unmarshal(data, &body) != nil || body == nil {
		return nil, problem(400, "body_malformed")
	}
	if id, isThere := body["session_id"]; isThere && text(id) == "" {
		return nil, problem(400, "session_id_invalid")
	}
	page, isThere := body["launch_page"]
	if isThere && !regexp.MustCompile(`^(dashboard|connections|rules|events)$`).MatchString(text(page)) {
		return nil, problem(400, "launch_page_invalid")
	}
	session := authorize(r)
	if session == nil {
		return nil, problem(401, "not_signed_in")
	}
	return &Request{body, origin, session}, nil
}

// ownOrigins returns both origins of this site: where TLS ends at a proxy, the scheme is unknown. Only one on a loopback
// host is accepted with http.
func ownOrigins(r *http.Request) (https, http string) {
	host := strings.ToLower(r.Host)
	return "https://" + strings.TrimSuffix(host, ":443"), "http://" + strings.TrimSuffix(host, ":80")
}

func text(value any) string {
	result, _ := value.(string)
	return result
}

func sessionEndpoint(r *http.Request) (object, error) {
	request, err := readRequest(r)
	if err != nil {
		return nil, err
	}
	session := request.session
	if handle := text(request.body["session_id"]); handle != "" {
		return refresh(session, handle)
	}
	if session.LaunchPage == "" && session.LaunchPath == "" {
		session.LaunchPage = text(request.body["launch_page"])
	}
	if session.AllowedOrigins == nil {
		session.AllowedOrigins = []string{request.origin}
	}
	return create(session)
}

func signOut(r *http.Request) (object, error) {
	request, err := readRequest(r)
	if err != nil {
		return nil, err
	}
	if request.body["session_id"] == nil {
		return nil, problem(400, "session_id_invalid")
	}
	// The age and the rights do not matter: an old session must end too.
	fields, err := openHandle(text(request.body["session_id"]), request.session)
	if err != nil {
		return nil, err
	}
	meshes, err := askMeshes("DELETE", "/sessions/"+url.QueryEscape(fields.SessionID), nil, 404, 410)
	if err != nil && err.Error() != "session_expired" {
		return nil, err
	}
	if meshes != nil && meshes["revoked"] != true {
		return nil, problem(502, "meshes_bad_response")
	}
	return nil, nil
}

// launch creates a session for a page that is rendered on the server. Without it, the element asks the session endpoint.
func launch(r *http.Request, session *Session) object {
	https, http := ownOrigins(r)
	if session.AllowedOrigins == nil && isOrigin.MatchString(http) {
		session.AllowedOrigins = []string{http}
	} else if session.AllowedOrigins == nil {
		session.AllowedOrigins = []string{https}
	}
	created, _ := create(session)
	return created
}

// sendEvent returns the ID of the event.
func sendEvent(name string, payload object) (string, error) {
	event := object{"event": name, "workspace": workspaceID, "payload": payload}
	meshes, err := askMeshes("POST", "/events", event)
	if err != nil {
		return "", err
	}
	created, _ := meshes["event"].(object)
	return text(created["id"]), nil
}

// Handle is what a browser gets in place of Meshes' session ID. The user can read it, but cannot change it.
type Handle struct {
	Version     int
	UserID      string
	WorkspaceID string
	Grant       string
	SessionID   string
	EmbedOrigin string
	Issued      int64
}

func create(session *Session) (object, error) {
	meshes, err := askMeshes("POST", "/sessions", session)
	if err != nil {
		return nil, err
	}
	id, embed := text(meshes["session_id"]), launchURL.FindStringSubmatch(text(meshes["launch_url"]))
	answer := tokenOf(meshes)
	if answer == nil || !isSessionID.MatchString(id) || strings.Trim(id, ".") == "" || embed == nil {
		return nil, problem(502, "meshes_bad_response")
	}
	data, err := json.Marshal(Handle{1, session.UserID, session.WorkspaceID, grantOf(session), id, embed[1], now().Unix()})
	handle := encode(data)
	answer["session_id"] = handle + "." + encode(sign(handleKey, handle))
	answer["embed_origin"], answer["launch_url"] = embed[1], embed[0]
	return answer, err
}

func refresh(session *Session, handle string) (object, error) {
	fields, err := openHandle(handle, session)
	if err != nil {
		return nil, err
	}
	// Meshes keeps the rights of a session. A user who lost a right must not keep it by a refresh.
	if fields.Grant != grantOf(session) {
		return nil, problem(403, "grant_changed")
	}
	if now().Unix()-fields.Issued >= maxSessionAge {
		return nil, problem(410, "session_expired")
	}
	path := "/sessions/" + url.QueryEscape(fields.SessionID) + "/refresh"
	meshes, err := askMeshes("POST", path, nil, 404, 409, 410)
	if err != nil {
		return nil, err
	}
	answer, id := tokenOf(meshes), meshes["session_id"]
	if answer == nil || (id != nil && id != fields.SessionID) {
		return nil, problem(502, "meshes_bad_response")
	}
	answer["session_id"], answer["embed_origin"] = handle, fields.EmbedOrigin
	return answer, nil
}

func openHandle(handle string, session *Session) (fields Handle, err error) {
	content, signature, _ := strings.Cut(handle, ".")
	if !hmac.Equal([]byte(signature), []byte(encode(sign(handleKey, content)))) {
		return fields, problem(403, "handle_invalid")
	}
	data, err := base64.RawURLEncoding.DecodeString(content)
	if err != nil || json.Unmarshal(data, &fields) != nil || fields.Version != 1 {
		return fields, problem(403, "handle_invalid")
	}
	if fields.UserID != session.UserID {
		return fields, problem(403, "handle_of_another_user")
	}
	if fields.WorkspaceID != session.WorkspaceID {
		return fields, problem(403, "handle_of_another_workspace")
	}
	return fields, nil
}

// grantOf returns a digest of the rights, with Meshes' default values.
func grantOf(s *Session) string {
	scopes, last := []string{}, ""
	sorted := append([]string{}, s.Scopes...)
	sort.Strings(sorted)
	for _, scope := range sorted {
		if scope != last {
			scopes = append(scopes, scope)
		}
		last = scope
	}
	rights := []any{or(s.Role, "member"), or(s.SessionType, "workspace"), s.Resource, s.ResourceID, scopes}
	data, _ := json.Marshal(rights)
	digest := sha256.Sum256(data)
	return encode(digest[:])
}

// tokenOf returns the fields of Meshes' answer that a page gets, or nil.
func tokenOf(meshes object) object {
	token := object{"access_token": meshes["access_token"]}
	at, isThere := meshes["expires_at"]
	if isThere {
		token["expires_at"] = at
	}
	in, isSeconds := meshes["expires_in"].(float64)
	if isSeconds {
		token["expires_in"] = in
	}
	isWrong := (isThere && text(at) == "") || (!isSeconds && meshes["expires_in"] != nil)
	if text(meshes["access_token"]) == "" || len(token) < 2 || isWrong {
		return nil
	}
	return token
}

func machineToken() string {
	head := object{"alg": "HS256", "typ": "JWT", "kid": accessKey}
	claims := object{"org": setting("MESHES_ORGANIZATION_ID", ""), "iss": "urn:meshes:m2m:" + accessKey,
		"aud": "meshes-api", "iat": now().Unix(), "exp": now().Unix() + 30}
	first, _ := json.Marshal(head)
	second, _ := json.Marshal(claims)
	content := encode(first) + "." + encode(second)
	return content + "." + encode(sign(secretKey, content))
}

// askMeshes sends one request. gone are the statuses that say that a session has ended.
func askMeshes(method, path string, body any, gone ...int) (object, error) {
	var content io.Reader
	if body != nil {
		data, _ := json.Marshal(body)
		content = bytes.NewReader(data)
	}
	request, err := http.NewRequest(method, apiURL+path, content)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Authorization", "Bearer "+machineToken())
	request.Header.Set("Content-Type", "application/json")
	// For the log: what Meshes said, without its text, which can quote a token.
	call := method + " " + regexp.MustCompile(`/sessions/[^/]+`).ReplaceAllString(path, "/sessions/…")
	response, err := client.Do(request)
	var answer []byte
	if err == nil {
		defer response.Body.Close()
		answer, err = io.ReadAll(io.LimitReader(response.Body, maxAnswer+1))
	}
	if err != nil {
		failure := problem(502, "meshes_unreachable")
		var network net.Error
		if errors.As(err, &network) && network.Timeout() {
			failure = problem(504, "meshes_timeout")
		}
		log.Printf("meshes: %s failed: %s (%T)", call, failure.Code, err)
		return nil, failure
	}
	if response.StatusCode == 204 {
		return nil, nil
	}
	var result object
	isSuccess := response.StatusCode >= 200 && response.StatusCode < 300 && len(answer) <= maxAnswer
	if isSuccess && json.Unmarshal(answer, &result) == nil && result != nil {
		return result, nil
	}
	failure := problemOf(response, gone)
	log.Printf("meshes: %s was answered with %d: %s", call, response.StatusCode, failure.Code)
	return nil, failure
}

func problemOf(response *http.Response, gone []int) Problem {
	for _, status := range gone {
		if response.StatusCode == status {
			return problem(410, "session_expired")
		}
	}
	switch status := response.StatusCode; {
	case status == 429:
		limited := problem(429, "meshes_rate_limited")
		limited.wait = strconv.Itoa(waitOf(response.Header.Get("Retry-After")))
		return limited
	case status == 408 || status == 425 || status >= 500:
		return problem(502, "meshes_unavailable")
	case status == 401 || status == 403:
		return problem(502, "meshes_credentials_rejected")
	case status == 404 || status == 410:
		return problem(502, "workspace_not_found")
	case status == 400 || status == 409 || status == 422:
		return problem(502, "meshes_rejected_request")
	}
	return problem(502, "meshes_bad_response")
}

// waitOf reads seconds or a date. It returns 5 for everything else, and at most 300.
func waitOf(retryAfter string) int {
	wait := 5
	if regexp.MustCompile(`^[0-9]+$`).MatchString(retryAfter) {
		wait = 300
		if len(retryAfter) < 9 {
			wait, _ = strconv.Atoi(retryAfter)
		}
	} else if date, err := http.ParseTime(retryAfter); err == nil {
		wait = int(date.Sub(now()).Seconds())
	}
	if wait < 0 {
		return 0
	}
	if wait > 300 {
		return 300
	}
	return wait
}

func sign(key []byte, content string) []byte {
	signature := hmac.New(sha256.New, key)
	signature.Write([]byte(content))
	return signature.Sum(nil)
}

func encode(data []byte) string { return base64.RawURLEncoding.EncodeToString(data) }

func or(value, fallback string) string {
	if value == "" {
		return fallback
	}
	return value
}

func setting(name, fallback string) string {
	value := or(os.Getenv(name), fallback)
	if value == "" {
		log.Fatalf("Set the environment variable %s.", name)
	}
	return value
}

func apiSetting() string {
	value := strings.TrimRight(setting("MESHES_API_URL", "https://api.meshes.io/api/v1"), "/")
	if !regexp.MustCompile(`^` + originPattern + `/[!-~]+$`).MatchString(value) {
		log.Fatal("MESHES_API_URL must be an https URL with a path, or http on a loopback host.")
	}
	return value
}

func duration(seconds string) time.Duration {
	value, err := time.ParseDuration(seconds + "s")
	if err != nil {
		log.Fatal("MESHES_TIMEOUT must be a number of seconds.")
	}
	return value
}

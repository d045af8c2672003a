// A web application with the session endpoint for <meshes-workspace>, sign-out, a page with the tag, and an event.
// Put it behind a web server that provides TLS.
package main

import (
	"html/template"
	"log"
	"net/http"
	"regexp"
	"time"
)

// Replace this: look up your session. Returns nil if nobody is signed in.
var authorize = func(r *http.Request) *Session {
	match := regexp.MustCompile(`(?:^|; )user=([A-Za-z0-9_-]+)`).FindStringSubmatch(r.Header.Get("Cookie"))
	if match == nil {
		return nil
	}
	return &Session{UserID: match[1], WorkspaceID: workspaceID}
}

var page = template.Must(template.New("page").Parse(`<!doctype html>
<html lang="en">
<title>Integrations</title>
<script src="https://cdn.jsdelivr.net/npm/meshes-workspace@0.1.0/dist/cdn/meshes-workspace.iife.min.js"
  integrity="sha384-mxpSO2MeD6WE4yw2xyeNsowUqU5PY1sKv2NTSGCI9Ov8fqN+CtMdj6595WzdinF2" crossorigin="anonymous" defer></script>
<meshes-workspace {{if .}}launch-url="{{.launch_url}}" session-id="{{.session_id}}"{{end}}
  token-endpoint="/api/meshes/session"></meshes-workspace>
`))

func integrations(w http.ResponseWriter, r *http.Request) {
	session := authorize(r)
	if session == nil {
		http.Error(w, "Sign in first.", http.StatusUnauthorized)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "private, no-store") // The launch URL is a credential.
	if err := page.Execute(w, launch(r, session)); err != nil {
		log.Printf("page: %T", err)
	}
}

func addContact(r *http.Request) (object, error) {
	request, err := readRequest(r)
	if err != nil {
		return nil, err
	}
	id, err := sendEvent("contact.created", object{"email": request.body["email"]})
	return object{"event_id": id}, err
}

func main() {
	http.HandleFunc("/api/meshes/session", handle(sessionEndpoint))
	http.HandleFunc("/api/meshes/sign-out", handle(signOut))
	http.HandleFunc("/api/contacts", handle(addContact))
	http.HandleFunc("/integrations", integrations)
	server := &http.Server{Addr: "127.0.0.1:" + setting("PORT", "8000"), ReadTimeout: 10 * time.Second}
	log.Fatal(server.ListenAndServe())
}

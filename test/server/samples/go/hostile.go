// Runs the Go sample with rights and a clock that tests control by headers.
package main

import (
	"encoding/json"
	"net/http"
	"os"
	"sync/atomic"
	"time"
)

func init() {
	if os.Getenv("CONTROLLED") == "" {
		return
	}
	original, offset := authorize, int64(0)
	now = func() time.Time { return time.Now().Add(time.Duration(atomic.LoadInt64(&offset)) * time.Second) }
	authorize = func(r *http.Request) *Session {
		var seconds int64
		json.Unmarshal([]byte(r.Header.Get("X-Test-Clock")), &seconds)
		atomic.StoreInt64(&offset, seconds)
		session := original(r)
		grant := r.Header.Get("X-Test-Grant")
		if session != nil && grant != "" {
			// Null, false, and an empty text are nil in Go.
			if grant[0] != '{' {
				return nil
			}
			json.Unmarshal([]byte(grant), session)
		}
		return session
	}
}

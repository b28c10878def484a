package graphtest

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
)

// reply is the answer to one request, in a batch or by itself.
type reply struct {
	status int
	header map[string]string
	body   []byte
}

func ok(body []byte) *reply {
	return &reply{status: http.StatusOK, body: body, header: map[string]string{"Content-Type": contentJSON}}
}

const contentJSON = "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8"

func plain(status int, contentType, body string) *reply {
	return &reply{status: status, body: []byte(body), header: map[string]string{"Content-Type": contentType}}
}

// failure is an error in the form that Graph gives it.
func failure(status int, code, message string) *reply {
	body, err := json.Marshal(map[string]any{"error": map[string]any{
		"code": code, "message": message,
		"innerError": map[string]string{
			"date": "2026-11-20T08:00:00", "request-id": requestID(0), "client-request-id": requestID(0),
		},
	}})
	if err != nil {
		panic(err) // strings only
	}
	return &reply{status: status, body: body, header: map[string]string{"Content-Type": "application/json"}}
}

func (r *reply) with(name, value string) *reply {
	if value != "" {
		r.header = maps.Clone(r.header)
		r.header[name] = value
	}
	return r
}

func requestID(n int64) string { return fmt.Sprintf("%08d-0000-4000-9000-%012d", n%1e8, n) }

// quoted is a JSON string.
func quoted(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err) // any string can be written
	}
	return string(b)
}

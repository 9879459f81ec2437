package throttle

import (
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Below lets requests below a path through as long as the bucket of whoever they
// are from has something, and all others always. refuse answers the rest.
func Below(path string, from func(*http.Request) Neighbour, b *Buckets, refuse func(w http.ResponseWriter, wait time.Duration)) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if strings.HasPrefix(r.URL.Path, path) {
				if wait := b.Take(from(r), time.Now()); wait > 0 {
					refuse(w, wait)
					return
				}
			}
			next.ServeHTTP(w, r)
		})
	}
}

// RetryAfter is the value of the header of that name (RFC 9110 section
// 10.2.3): whole seconds, at least one.
func RetryAfter(wait time.Duration) string {
	return strconv.Itoa(max(1, int(math.Ceil(wait.Seconds()))))
}

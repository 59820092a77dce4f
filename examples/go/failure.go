package main

import (
	"errors"
	"math"
	"math/rand"
	"time"
)

// failure is why a session did not end normally: a message for the user, not a bug in this program.
type failure struct {
	// timeout, auth, closed, server or other.
	kind    string
	message string
	// Whether another attempt makes sense.
	mayRetry bool
	// Whether the connection had been open.
	wasOpen bool
}

func (f *failure) Error() string { return f.message }

const (
	// How many attempts in a row may fail without a result before the client gives up.
	mostRetries  = 4
	firstPause   = 500 * time.Millisecond
	longestPause = 8 * time.Second
)

// keepConnected runs one conversation after another until one ends normally.
//
// A broken connection is replaced after a pause that grows with each attempt. If the first connection fails or the key
// is refused, there is no further attempt.
func keepConnected(converse func() error, countResults func() int, report *report) error {
	failures := 0
	wasEverOpen := false
	for {
		before := countResults()
		err := converse()
		var failed *failure
		if !errors.As(err, &failed) {
			return err
		}
		wasEverOpen = wasEverOpen || failed.wasOpen
		failures++
		if countResults() > before {
			failures = 1
		}
		if !failed.mayRetry || !wasEverOpen || failures > mostRetries {
			return failed
		}
		report.failed(failed)
		pause := math.Min(float64(longestPause), float64(firstPause)*math.Pow(2, float64(failures-1)))
		// Many clients may lose a server at the same moment; they should not all return at the same moment.
		time.Sleep(time.Duration(pause * (0.75 + rand.Float64()/2)))
	}
}

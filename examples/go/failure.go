package main

import (
	"errors"
	"math"
	"math/rand"
	"time"
)

// failure is why a session did not end as it should: something to tell the user, not a mistake in this program.
type failure struct {
	// timeout, auth, closed, server or other.
	kind    string
	message string
	// Whether another attempt makes sense.
	mayRetry bool
	// Whether the connection was there before.
	wasOpen bool
}

func (f *failure) Error() string { return f.message }

const (
	// Attempts in a row that bring no result, before it is given up.
	mostRetries  = 4
	firstPause   = 500 * time.Millisecond
	longestPause = 8 * time.Second
)

// keepConnected holds one conversation after the other until one ends as it should.
//
// A connection that breaks is taken up again, after a pause that gets longer each time; a first connection that does
// not come about, or a key that is refused, is the end.
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
		// Many clients lose a server at the same moment; they should not all come back at the same moment.
		time.Sleep(time.Duration(pause * (0.75 + rand.Float64()/2)))
	}
}

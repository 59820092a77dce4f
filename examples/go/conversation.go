package main

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/gorilla/websocket"
)

const (
	// At most one frame of 100 ms every 50 ms: after an outage, the backlog is sent at twice the pace of speech.
	sendEvery = 50 * time.Millisecond
	// After the last words: how long the service may take to start listening at all.
	listeningLimit = 15 * time.Second
	// After the last words: how long the last line may take to become final.
	lastFinalLimit = 10 * time.Second
	// After the last words, with everything final: how long to wait for further lines.
	settled = 3 * time.Second
)

// transcribe streams a recording until all of it is final.
func transcribe(endpoint, token string, recording *recording, report *report) error {
	transcript := &transcript{report: report, finals: map[float64]string{}}
	hold := func() error {
		transcript.dropLine()
		c, err := connect(endpoint, http.Header{"x-zoom-s2t-key": {token}}, report)
		if err != nil {
			return err
		}
		return (&conversation{connection: c, recording: recording, transcript: transcript, report: report, heard: time.Now()}).hold()
	}
	if err := keepConnected(hold, transcript.count, report); err != nil {
		return err
	}
	if recording.lostFrames > 0 {
		return &failure{kind: "other", message: "the outage was too long: some audio was lost"}
	}
	return nil
}

// conversation is one connection, from start to end.
type conversation struct {
	connection *connection
	recording  *recording
	transcript *transcript
	report     *report
	// The position in the recording at which this connection begins; the service counts from there.
	beginsMs float64
	state    string
	failed   *failure
	heard    time.Time
}

func (c *conversation) onText(text string) {
	var message map[string]any
	if json.Unmarshal([]byte(text), &message) != nil || message == nil {
		c.report.note("ignored a message that is not a JSON object")
		return
	}
	// Messages after an error are ignored.
	if c.failed != nil {
		return
	}
	if why, is := message["error"].(string); is {
		c.failed = &failure{kind: "server", message: why, wasOpen: true}
	} else if state, is := message["state"].(string); is {
		c.onState(state)
	} else if text, is := message["text"].(string); is {
		if isFinal, is := message["is_final"].(bool); is {
			c.onResult(text, isFinal, message)
		}
	}
	// Other messages belong to later versions and are ignored, and so are unknown fields.
}

func (c *conversation) onState(state string) {
	c.report.state(state)
	// A repeated state is a keep-alive.
	if state != c.state {
		c.heard = time.Now()
	}
	c.state = state
}

func (c *conversation) onResult(text string, isFinal bool, message map[string]any) {
	c.heard = time.Now()
	c.state = "listening"
	var place *float64
	if offsetMs, is := message["offset_ms"].(float64); is {
		offsetMs += c.beginsMs
		place = &offsetMs
	}
	if !isFinal {
		c.transcript.hear(text, place)
		return
	}
	c.transcript.keep(text, place)
	// Word times count from the offset of their line (S0:61-63). Without words, the end of the line is unknown.
	if place != nil {
		c.recording.forget(*place + endOf(message["words"]))
	}
}

// endOf is where the last of [word, start_ms, end_ms, confidence] ends.
func endOf(words any) float64 {
	list, _ := words.([]any)
	if len(list) == 0 {
		return 0
	}
	last, _ := list[len(list)-1].([]any)
	if len(last) < 3 {
		return 0
	}
	endMs, _ := last[2].(float64)
	return endMs
}

// isDone reports whether everything that was said is final, or there is no time left for it.
func (c *conversation) isDone() bool {
	sent := c.recording.allSent
	if sent.IsZero() {
		return false
	}
	if c.heard.After(sent) {
		sent = c.heard
	}
	quiet := time.Since(sent)
	if c.state != "listening" {
		if quiet > listeningLimit {
			c.failed = &failure{kind: "timeout", message: "the service did not start listening"}
		}
		return false
	}
	if c.transcript.line != "" {
		return quiet > lastFinalLimit
	}
	return quiet > settled
}

func (c *conversation) hold() error {
	c.connection.send(websocket.TextMessage, []byte(`{"action":"start"}`))
	c.beginsMs = c.recording.rewind()
	wasOpen := c.talk()

	// Finals that arrive until the connection is closed still count.
	code := c.connection.close(c.onText)
	if c.failed != nil {
		return c.failed
	}
	if code != websocket.CloseNormalClosure {
		// If a line is not final and the service does not even answer the Close frame, the connection was lost.
		return c.connection.failure(wasOpen && c.transcript.line == "")
	}
	if c.recording.allSent.IsZero() || c.transcript.line != "" {
		kind := "closed"
		if wasOpen {
			kind = "other"
		}
		return &failure{kind: kind, message: "the session ended before the last words were final"}
	}
	return nil
}

// talk sends and listens until everything is final or the connection ends, and returns whether it is still open.
func (c *conversation) talk() bool {
	tick := time.NewTicker(sendEvery)
	defer tick.Stop()
	for c.failed == nil && !c.isDone() {
		select {
		case text, isOpen := <-c.connection.texts:
			if !isOpen {
				return false
			}
			c.onText(text)
		case <-tick.C:
			c.recording.record()
			if frame := c.recording.next(); frame != nil {
				c.connection.send(websocket.BinaryMessage, frame)
			}
		}
	}
	return true
}

package main

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/gorilla/websocket"
)

const (
	// At most one frame of 100 ms every 50 ms: after an outage, what was said meanwhile is sent at twice its pace.
	sendEvery = 50 * time.Millisecond
	// After the last words, without any result: how long a service may take to begin to listen at all.
	listeningLimit = 15 * time.Second
	// After the last words, as long as the last line is not final.
	lastFinalLimit = 10 * time.Second
	// After the last words, when everything is final: whether there is more to come.
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

// conversation is one connection, from its opening to its end.
type conversation struct {
	connection *connection
	recording  *recording
	transcript *transcript
	report     *report
	// Where in the recording this connection begins; the service counts from there.
	beginsMs float64
	state    string
	failed   *failure
	heard    time.Time
}

func (c *conversation) onText(text string) {
	var message map[string]any
	if json.Unmarshal([]byte(text), &message) != nil || message == nil {
		c.report.note("ignored a message that is no JSON object")
		return
	}
	// After an error nothing counts any more.
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
	// Everything else is news of a later version, and so are fields that are not read here.
}

func (c *conversation) onState(state string) {
	c.report.state(state)
	// The same state again is a keep-alive.
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
	// Word times count from the offset of their line (S0:61-63). Without words no one knows how far it reaches.
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

// isDone says whether all that was said is final, or there is no hope any more that it gets so.
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
			c.failed = &failure{kind: "timeout", message: "the service does not begin to listen"}
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

	// Finals that come until the connection is closed still count.
	code := c.connection.close(c.onText)
	if c.failed != nil {
		return c.failed
	}
	if code != websocket.CloseNormalClosure {
		// Who does not even answer that, with a line that is not final, is gone without a word.
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

// talk sends and listens until everything is said or the connection ends, and returns whether it is still open.
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

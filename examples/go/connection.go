package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"
	"unicode/utf8"

	"github.com/gorilla/websocket"
)

const (
	// How long opening a connection may take (S2:27).
	connectLimit = 15 * time.Second
	// A connection that was lost without a Close frame looks like a silent one, so it is pinged and must answer.
	pingEvery = 4 * time.Second
	pongLimit = 12 * time.Second
	// How long the service may take to answer our Close frame.
	closeLimit = 3 * time.Second
)

// connection is a WebSocket that is or was open.
type connection struct {
	ws     *websocket.Conn
	report *report
	// What the service says, until the connection ends.
	texts chan string
	// How it has ended, once texts is closed.
	code int
}

func connect(endpoint string, header http.Header, report *report) (*connection, error) {
	dialer := websocket.Dialer{HandshakeTimeout: connectLimit, Proxy: http.ProxyFromEnvironment}
	ws, answer, err := dialer.Dial(endpoint, header)
	if err != nil {
		report.closed(websocket.CloseAbnormalClosure)
		return nil, refusal(answer, err)
	}
	c := &connection{ws: ws, report: report, texts: make(chan string, 64), code: websocket.CloseAbnormalClosure}
	go c.ping()
	go c.read()
	return c, nil
}

// refusal is why a connection could not be established.
func refusal(answer *http.Response, err error) *failure {
	var late net.Error
	switch {
	case errors.Is(err, context.DeadlineExceeded) || errors.As(err, &late) && late.Timeout():
		return &failure{kind: "timeout", message: fmt.Sprintf("the connection was not established within %s", connectLimit), mayRetry: true}
	case answer == nil || answer.StatusCode == http.StatusSwitchingProtocols:
		return &failure{kind: "closed", message: "no connection: " + err.Error(), mayRetry: true}
	}
	status := answer.StatusCode
	kind, what := "server", "the service refuses the connection"
	if status == http.StatusUnauthorized || status == http.StatusForbidden {
		kind, what = "auth", "the service does not accept the key"
	}
	message := fmt.Sprintf("%s (HTTP %d)", what, status)
	if reason := answer.Header.Get("X-Error-Message"); reason != "" {
		message += ": " + reason
	}
	// A refused key is never tried again: it stays wrong, and services block clients that keep trying.
	mayRetry := status == 429 || status == 500 || status == 502 || status == 503 || status == 504
	return &failure{kind: kind, message: message, mayRetry: mayRetry}
}

func (c *connection) ping() {
	for {
		time.Sleep(pingEvery)
		if c.ws.WriteControl(websocket.PingMessage, nil, time.Now().Add(pongLimit)) != nil {
			return
		}
	}
}

// read passes on messages until the connection ends. It also answers pings and the Close frame of the service.
func (c *connection) read() {
	defer close(c.texts)
	defer c.ws.Close()
	isAlive := func(string) error { return c.ws.SetReadDeadline(time.Now().Add(pongLimit)) }
	_ = isAlive("")
	c.ws.SetPongHandler(isAlive)
	for {
		kind, data, err := c.ws.ReadMessage()
		if err != nil {
			var closed *websocket.CloseError
			if errors.As(err, &closed) {
				c.code = closed.Code
			}
			return
		}
		_ = isAlive("")
		switch {
		case kind != websocket.TextMessage:
			c.report.note("ignored a binary message")
		case !utf8.Valid(data):
			// The library does not check this.
			c.sendClose(websocket.CloseInvalidFramePayloadData)
			return
		default:
			c.texts <- string(data)
		}
	}
}

// send waits while the connection is congested. If sending fails, the end of texts says so.
func (c *connection) send(kind int, data []byte) {
	_ = c.ws.SetWriteDeadline(time.Now().Add(pongLimit))
	if c.ws.WriteMessage(kind, data) != nil {
		c.ws.Close()
	}
}

func (c *connection) sendClose(code int) {
	_ = c.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, ""), time.Now().Add(closeLimit))
}

// close closes the connection with 1000, as documented. Messages that arrive until then still count.
func (c *connection) close(onText func(string)) int {
	c.sendClose(websocket.CloseNormalClosure)
	defer time.AfterFunc(closeLimit, func() { c.ws.Close() }).Stop()
	for text := range c.texts {
		onText(text)
	}
	c.report.closed(c.code)
	return c.code
}

// failure is why the connection did not end normally. If we closed it, everything had been said, so another attempt
// would gain nothing.
func (c *connection) failure(wasOurs bool) *failure {
	isPassing := false
	for _, code := range []int{1001, 1006, 1011, 1012, 1013} {
		isPassing = isPassing || c.code == code
	}
	message := fmt.Sprintf("the connection ended (%d)", c.code)
	return &failure{kind: "closed", message: message, mayRetry: isPassing && !wasOurs, wasOpen: true}
}

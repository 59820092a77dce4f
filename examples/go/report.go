package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"syscall"
)

// report shows the user what happens: finals on stdout, the rest on stderr. If file descriptor 3 is open, all of it is
// also written there as NDJSON, for example with `captions 3>reports.ndjson`.
type report struct {
	// nil if descriptor 3 is not open.
	to *os.File
}

const descriptor = 3

// Checked before this program opens any file of its own.
var isReporting = isWritable(descriptor)

func isWritable(fd int) bool {
	var stat syscall.Stat_t
	if syscall.Fstat(fd, &stat) != nil {
		return false
	}
	access, _, errno := syscall.Syscall(syscall.SYS_FCNTL, uintptr(fd), syscall.F_GETFL, 0)
	kind := stat.Mode & syscall.S_IFMT
	isFile := kind == syscall.S_IFREG || kind == syscall.S_IFIFO || kind == syscall.S_IFSOCK
	return errno == 0 && isFile && access&syscall.O_ACCMODE != syscall.O_RDONLY
}

func newReport() *report {
	if !isReporting {
		return &report{}
	}
	return &report{to: os.NewFile(descriptor, "reports")}
}

func (r *report) event(event map[string]any) {
	if r.to == nil {
		return
	}
	encoder := json.NewEncoder(r.to)
	encoder.SetEscapeHTML(false)
	if encoder.Encode(event) != nil {
		// The reader has gone.
		r.to = nil
	}
}

// note is a detail for readers of the log that the user need not know.
func (r *report) note(text string) { fmt.Fprintln(os.Stderr, text) }

// state is what the service says it is doing.
func (r *report) state(name string) {
	r.note("(" + name + ")")
	r.event(map[string]any{"event": "state", "state": name})
}

// display is the line that is still being spoken. It replaces the one before.
func (r *report) display(text string) {
	if text != "" {
		r.note("… " + text)
	}
	r.event(map[string]any{"event": "display", "text": text})
}

// final is a line that will not change again. The line that is being spoken is empty then.
func (r *report) final(text string) {
	fmt.Println(text)
	r.event(map[string]any{"event": "final", "text": text})
}

func (r *report) failed(err error) {
	kind := "other"
	var failed *failure
	if errors.As(err, &failed) {
		kind = failed.kind
	}
	r.note("error: " + err.Error())
	r.event(map[string]any{"event": "error", "kind": kind, "message": err.Error()})
}

// closed reports that a connection has ended; 1006 means that it broke or was never established.
func (r *report) closed(code int) {
	r.note(fmt.Sprintf("closed: %d", code))
	r.event(map[string]any{"event": "closed", "code": code})
}

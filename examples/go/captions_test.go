package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"testing"
)

// The behaviour of the client as its user sees it. The token of each test selects what the fake does.

var said = []any{
	"good morning you have an appointment with doctor Jansen tomorrow",
	"please bring your passport and be here at nine",
}

var realtime string

func TestMain(m *testing.M) {
	stop, err := startUnderstudy()
	if err != nil {
		fmt.Fprintln(os.Stderr, "the fake has not started:", err)
		os.Exit(1)
	}
	code := m.Run()
	stop()
	os.Exit(code)
}

// startUnderstudy starts the fake on a free port. stop ends it, and so does the end of the tests, even if they are killed.
func startUnderstudy() (stop func(), err error) {
	command := []string{"npx", "understudy"}
	// The path of its main.js, if it is not installed here.
	if cli := os.Getenv("UNDERSTUDY_CLI"); cli != "" {
		command = []string{"node", cli}
	}
	command = append(command, "serve", "--port", "0", "--json", "--until-stdin-ends")
	fake := exec.Command(command[0], command[1:]...)
	fake.Stderr = os.Stderr
	input, err := fake.StdinPipe()
	if err != nil {
		return nil, err
	}
	output, err := fake.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := fake.Start(); err != nil {
		return nil, err
	}
	lines := bufio.NewReader(output)
	first, err := lines.ReadBytes('\n')
	if err != nil {
		return nil, err
	}
	var listening struct{ Scriptix struct{ Realtime string } }
	if err := json.Unmarshal(first, &listening); err != nil {
		return nil, err
	}
	realtime = listening.Scriptix.Realtime
	// Its log has to be read, or it would block on a full pipe.
	go func() { _, _ = io.Copy(io.Discard, lines) }()
	return func() {
		input.Close()
		_ = fake.Wait()
	}, nil
}

// run plays a recording to the fake and returns what the user was shown.
func run(t *testing.T, token string) ([]map[string]any, error) {
	t.Helper()
	folder := os.Getenv("RECORDINGS")
	if folder == "" {
		folder = "../../fixtures/audio"
	}
	samples, err := readWav(filepath.Join(folder, "en-appointment.wav"))
	if err != nil {
		t.Fatal(err)
	}
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	events := make(chan []map[string]any)
	go func() {
		var all []map[string]any
		for decoder := json.NewDecoder(reader); ; {
			var event map[string]any
			if decoder.Decode(&event) != nil {
				events <- all
				return
			}
			all = append(all, event)
		}
	}()
	failed := transcribe(realtime, token, newRecording(samples, nil), &report{to: writer})
	writer.Close()
	return <-events, failed
}

func expect(t *testing.T, events []map[string]any, name, property string, expected ...any) {
	t.Helper()
	var told []any
	for _, event := range events {
		if event["event"] == name {
			told = append(told, event[property])
		}
	}
	if !reflect.DeepEqual(told, expected) {
		t.Errorf("%s: expected %v, was %v", name, expected, told)
	}
}

func TestShowsEachFinalOnce(t *testing.T) {
	t.Parallel()
	events, err := run(t, "any-token")
	if err != nil {
		t.Fatal(err)
	}
	expect(t, events, "final", "text", said...)
	expect(t, events, "state", "state", "loading", "listening")
	expect(t, events, "closed", "code", 1000.0)
}

func TestIsBackAfterADrop(t *testing.T) {
	t.Parallel()
	events, err := run(t, "reconnect-after-drop")
	if err != nil {
		t.Fatal(err)
	}
	expect(t, events, "final", "text", said...)
	expect(t, events, "error", "kind", "closed")
	expect(t, events, "closed", "code", 1006.0, 1000.0)
}

func TestGivesUpWithARefusedKey(t *testing.T) {
	t.Parallel()
	events, err := run(t, "invalid-key")
	var failed *failure
	if !errors.As(err, &failed) || failed.kind != "auth" {
		t.Errorf("expected a refusal, was %v", err)
	}
	expect(t, events, "closed", "code", 1006.0)
}

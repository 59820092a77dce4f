package main

import (
	"encoding/binary"
	"fmt"
	"os"
	"time"
)

const (
	// Audio in each frame, and its size: 16 kHz, mono, 16 bit.
	frameTime  = 100 * time.Millisecond
	frameBytes = 3200
	// At most this much is kept, whether sent or not: one minute. Anything older would be sent long after it was said.
	mostFrames = 600
	never      = int(^uint(0) >> 1)
)

// recording is the audio that was recorded and is not final yet. It stands in for a microphone: it records a file at
// the pace of speech, and then silence.
//
// A connection can break at any time. Audio that the service has not made final by then is sent again on the next
// connection, followed by the audio that was recorded in between.
//
//	first ───────────────── next ─────────── recorded
//	  sent, not final yet    │   not sent yet
type recording struct {
	samples []byte
	stop    <-chan os.Signal
	began   time.Time
	frames  [][]byte
	// Positions in frames since the beginning of the recording.
	first, nextOne int
	// The end of the audio that may contain speech; after it there is only silence.
	end int
	// When the last audio that may contain speech was sent; zero before that.
	allSent time.Time
	// Frames that were dropped before they were sent.
	lostFrames int
}

func newRecording(samples []byte, stop <-chan os.Signal) *recording {
	return &recording{samples: samples, stop: stop, began: time.Now(), end: never}
}

// record adds the audio that is due by now.
func (r *recording) record() {
	select {
	case <-r.stop:
		r.finish()
	default:
	}
	for due := int(time.Since(r.began) / frameTime); r.first+len(r.frames) < due; {
		at := (r.first + len(r.frames)) * frameBytes
		// Zeros are silence. They also fill up the last frame of the file.
		frame := make([]byte, frameBytes)
		if at >= len(r.samples) {
			r.finish()
		} else if r.end == never {
			copy(frame, r.samples[at:])
		}
		r.add(frame)
	}
}

func (r *recording) add(frame []byte) {
	r.frames = append(r.frames, frame)
	if len(r.frames) <= mostFrames {
		return
	}
	r.frames = r.frames[1:]
	r.first++
	if r.nextOne < r.first {
		r.nextOne = r.first
		r.lostFrames++
	}
}

// finish ends the recording; everything added from now on is silence.
func (r *recording) finish() {
	if recorded := r.first + len(r.frames); recorded < r.end {
		r.end = recorded
	}
	r.lookWhetherAllIsSent()
}

// next is the next frame to send; nil if it has not been recorded yet.
func (r *recording) next() []byte {
	at := r.nextOne - r.first
	if at >= len(r.frames) {
		return nil
	}
	r.nextOne++
	r.lookWhetherAllIsSent()
	return r.frames[at]
}

func (r *recording) lookWhetherAllIsSent() {
	if r.nextOne >= r.end && r.allSent.IsZero() {
		r.allSent = time.Now()
	}
}

// rewind starts a new connection: everything that is not final is sent again. It returns the position at which that
// begins, in ms.
func (r *recording) rewind() float64 {
	r.nextOne = r.first
	r.allSent = time.Time{}
	r.lookWhetherAllIsSent()
	return float64(r.first) * float64(frameTime.Milliseconds())
}

// forget drops everything before a position in the recording, because it is final. Audio that was not sent cannot be
// final.
func (r *recording) forget(beforeMs float64) {
	upTo := int(beforeMs / float64(frameTime.Milliseconds()))
	if upTo > r.nextOne {
		upTo = r.nextOne
	}
	if upTo > r.first {
		r.frames = r.frames[upTo-r.first:]
		r.first = upTo
	}
}

// readWav reads the samples of a WAV file of 16 kHz, mono, 16 bit.
func readWav(path string) ([]byte, error) {
	wrong := fmt.Errorf("%s: expected a WAV file of 16 kHz, mono, 16 bit", path)
	file, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("expected a WAV file that can be read: %w", err)
	}
	if len(file) < 12 || string(file[:4]) != "RIFF" || string(file[8:12]) != "WAVE" {
		return nil, wrong
	}
	isRight := false
	for at := 12; at+8 <= len(file); {
		size := int(binary.LittleEndian.Uint32(file[at+4:]))
		body := file[at+8:]
		if size < len(body) {
			body = body[:size]
		}
		switch name := string(file[at : at+4]); {
		case name == "fmt " && len(body) >= 16:
			channels, rate := binary.LittleEndian.Uint16(body[2:]), binary.LittleEndian.Uint32(body[4:])
			isRight = channels == 1 && rate == 16000 && binary.LittleEndian.Uint16(body[14:]) == 16
		case name == "data" && isRight:
			return body, nil
		}
		at += 8 + size + size%2
	}
	return nil, wrong
}

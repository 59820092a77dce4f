// A client of Scriptix in microphone mode: streams speech, shows it while it is being spoken, and keeps what is final.
package main

import (
	"errors"
	"flag"
	"fmt"
	"net/url"
	"os"
	"os/signal"
)

func main() {
	endpoint := flag.String("url", os.Getenv("UNDERSTUDY_URL"), "endpoint, such as wss://realtime.scriptix.io/v2/realtime (UNDERSTUDY_URL)")
	audio := flag.String("audio", os.Getenv("UNDERSTUDY_AUDIO"), "WAV `file`: 16 kHz, mono, 16 bit (UNDERSTUDY_AUDIO)")
	language := flag.String("language", os.Getenv("UNDERSTUDY_LANGUAGE"), "such as en; detected without it (UNDERSTUDY_LANGUAGE)")
	kind := flag.String("type", "fast", "fast or quality")
	flag.Parse()

	// The key is not a flag, because every user of the machine can see the command line.
	token := os.Getenv("UNDERSTUDY_TOKEN")
	switch {
	case token == "":
		refuse("UNDERSTUDY_TOKEN is not set")
	case *endpoint == "":
		refuse("-url is missing")
	case *audio == "":
		refuse("-audio is missing")
	}
	target, err := withQuery(*endpoint, map[string]string{"type": *kind, "language": *language})
	if err != nil {
		refuse("-url: " + err.Error())
	}
	samples, err := readWav(*audio)
	if err != nil {
		refuse(err.Error())
	}

	// Ctrl-C ends the recording, like a stop button; what was said before is still transcribed.
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, os.Interrupt)
	report := newReport()
	if err := transcribe(target, token, newRecording(samples, stop), report); err != nil {
		report.failed(err)
		os.Exit(1)
	}
}

func refuse(why string) {
	fmt.Fprintln(os.Stderr, why)
	os.Exit(2)
}

// withQuery is the URL with these parameters in addition to its own; empty ones are omitted.
func withQuery(endpoint string, parameters map[string]string) (string, error) {
	parsed, err := url.Parse(endpoint)
	if err != nil {
		return "", err
	}
	if parsed.Scheme != "ws" && parsed.Scheme != "wss" {
		return "", errors.New("expected ws:// or wss://")
	}
	query := parsed.Query()
	for name, value := range parameters {
		if value != "" {
			query.Set(name, value)
		}
	}
	parsed.RawQuery = query.Encode()
	return parsed.String(), nil
}

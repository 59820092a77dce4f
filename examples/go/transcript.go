package main

// transcript is the transcript so far: the final lines, and the line that is still being spoken.
//
// Finals are identified by their position, never by their text alone, because people do say "yes" twice.
type transcript struct {
	report *report
	// Position of a final → its text.
	finals   map[float64]string
	unplaced int
	// The line that is still being spoken.
	line string
}

func (t *transcript) count() int { return len(t.finals) + t.unplaced }

// hear takes the current text of the line. It replaces the previous one, because the service sends the whole line each
// time.
func (t *transcript) hear(text string, place *float64) {
	if place != nil {
		if _, isFinal := t.finals[*place]; isFinal {
			// Too late: this line is already final.
			return
		}
	}
	t.line = text
	t.report.display(text)
}

// keep takes a line that will not change again. The same line again is ignored.
func (t *transcript) keep(text string, place *float64) {
	if place == nil {
		t.unplaced++
	} else if kept, isFinal := t.finals[*place]; isFinal {
		if kept != text {
			t.report.note("ignored another text for a line that is final")
		}
		return
	} else {
		t.finals[*place] = text
	}
	t.line = ""
	t.report.final(text)
}

// dropLine is called when the connection is gone: the line will never become final. Its audio will be sent again.
func (t *transcript) dropLine() {
	if t.line != "" {
		t.line = ""
		t.report.display("")
	}
}

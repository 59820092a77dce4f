package main

// transcript is what was said so far: lines that are final, and one that is still being spoken.
//
// Finals are told apart by their place and never by their text alone, because people do say "yes" twice.
type transcript struct {
	report *report
	// Place of a final → its text.
	finals   map[float64]string
	unplaced int
	// The line that is still being spoken.
	line string
}

func (t *transcript) count() int { return len(t.finals) + t.unplaced }

// hear takes the line as it is heard now. It replaces the one before: the service sends all of it each time.
func (t *transcript) hear(text string, place *float64) {
	if place != nil {
		if _, isFinal := t.finals[*place]; isFinal {
			// It comes late.
			return
		}
	}
	t.line = text
	t.report.display(text)
}

// keep takes a line that does not change any more. The same one again is not a second one.
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

// dropLine is called when the connection is gone: no one will finish the line. What was said will be sent again.
func (t *transcript) dropLine() {
	if t.line != "" {
		t.line = ""
		t.report.display("")
	}
}

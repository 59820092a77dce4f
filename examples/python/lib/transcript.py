from . import report


class Transcript:
    """The transcript so far: the final lines, and the line that is still being spoken.

    Finals are identified by their position, never by their text alone, because people do say "yes" twice.
    """

    def __init__(self):
        # Position of a final → its text.
        self._finals = {}
        self._unplaced = 0
        # The line that is still being spoken.
        self.line = ""

    def count(self):
        """How many lines are final."""
        return len(self._finals) + self._unplaced

    def hear(self, text, place):
        """The current text of the line.

        It replaces the previous one, because the service sends the whole line each time.
        """
        # Too late: this line is already final.
        if place is not None and place in self._finals:
            return
        self.line = text
        report.display(text)

    def keep(self, text, place):
        """A line that will not change again. The same line again is ignored."""
        if place is None:
            self._unplaced += 1
        elif place in self._finals:
            if self._finals[place] != text:
                report.note("ignored another text for a line that is final")
            return
        else:
            self._finals[place] = text
        self.line = ""
        report.final(text)

    def drop_line(self):
        """The connection is gone, so this line will never become final. Its audio will be sent again."""
        if self.line != "":
            self.line = ""
            report.display("")

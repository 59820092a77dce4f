from . import report


class Transcript:
    """What was said so far: lines that are final, and one that is still being spoken.

    Finals are told apart by their place and never by their text alone, because people do say "yes" twice.
    """

    def __init__(self):
        # Place of a final → its text.
        self._finals = {}
        self._unplaced = 0
        # The line that is still being spoken.
        self.line = ""

    def count(self):
        """How many lines are final."""
        return len(self._finals) + self._unplaced

    def hear(self, text, place):
        """The line as it is heard now. It replaces the one before: the service sends all of it each time."""
        # It comes late: the line is final already.
        if place is not None and place in self._finals:
            return
        self.line = text
        report.display(text)

    def keep(self, text, place):
        """A line that does not change any more. The same one again is not a second one."""
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
        """The connection is gone: nobody will finish the line. What was said will be sent again."""
        if self.line != "":
            self.line = ""
            report.display("")

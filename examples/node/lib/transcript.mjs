import { user } from './report.mjs';

/**
 * What was said so far: lines that are final, and one that is still being spoken. Finals are told apart by their place
 * and never by their text alone, because people do say "yes" twice.
 */
export class Transcript {
  /** Place of a final → its text. */
  #finals = new Map();
  #unplaced = 0;
  /** The line that is still being spoken. */
  line = '';

  /** How many lines are final. */
  get count() {
    return this.#finals.size + this.#unplaced;
  }

  has(place) {
    return this.#finals.has(place);
  }

  /** The line as it is heard now. It replaces the one before: the service sends all of it each time. */
  hear(text, place) {
    // It comes late: the line is final already.
    if (this.has(place)) return;
    this.line = text;
    user.display(text);
  }

  /** A line that does not change any more. The same one again is not a second one. */
  keep(text, place) {
    if (this.has(place)) {
      if (this.#finals.get(place) !== text) user.note('ignored another text for a line that is final');
      return;
    }
    if (place === undefined) this.#unplaced += 1;
    else this.#finals.set(place, text);
    this.line = '';
    user.final(text);
  }

  /** The connection is gone: nobody will finish the line. What was said will be sent again. */
  dropLine() {
    if (this.line === '') return;
    this.line = '';
    user.display('');
  }
}

import { user } from './report.mjs';

/**
 * The transcript so far: the final lines, and the line that is still being spoken. Finals are identified by their
 * position, never by their text alone, because people do say "yes" twice.
 */
export class Transcript {
  /** Position of a final → its text. */
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

  /** The current text of the line. It replaces the previous one, because the service sends the whole line each time. */
  hear(text, place) {
    // Too late: this line is already final.
    if (this.has(place)) return;
    this.line = text;
    user.display(text);
  }

  /** A line that will not change again. The same line again is ignored. */
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

  /** The connection is gone, so this line will never become final. Its audio will be sent again. */
  dropLine() {
    if (this.line === '') return;
    this.line = '';
    user.display('');
  }
}

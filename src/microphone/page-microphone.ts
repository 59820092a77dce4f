/**
 * What is at `globalThis.understudyMicrophone` in a page that has loaded the script of `asr-understudy/microphone`. All
 * pages and frames have one of their own.
 */
export interface PageMicrophone {
  /**
   * `closed`: the page does not listen, yet or any more. `blocked`: it does, but the browser keeps sound back until the
   * user has clicked or pressed a key in the page. `insecure`: pages have microphones only on `https:` and `localhost`.
   */
  readonly state: 'closed' | 'open' | 'blocked' | 'denied' | 'insecure';
  /**
   * Says a recording, WAV or MP3, after what is being said: from when the page listens, at the pace of speech.
   *
   * @param audio the bytes of the file, or these in Base64
   * @returns resolves when all of it has been said
   */
  say(audio: ArrayBuffer | string): Promise<void>;
  /** From now on the page hears silence, whatever is said. */
  mute(): void;
  /** The page hears what is said again. */
  unmute(): void;
  /** Refuses the microphone with a `NotAllowedError`, and ends what is open. */
  deny(): void;
  /** Takes that back. The page has to ask again. */
  allow(): void;
}

declare global {
  /** In a page that has loaded the script. */
  var understudyMicrophone: PageMicrophone;
}

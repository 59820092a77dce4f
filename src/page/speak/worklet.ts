/** Runs on the audio thread, and passes on what is heard. */

declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, processor: unknown): void;

/** The number of samples that are passed on at a time. */
const CHUNK = 1024;

registerProcessor(
  'ear',
  class extends AudioWorkletProcessor {
    #chunk = new Float32Array(CHUNK);
    #count = 0;

    process([channels]: readonly (readonly Float32Array[])[]): boolean {
      for (const sample of channels?.[0] ?? []) {
        this.#chunk[this.#count++] = sample;
        if (this.#count < CHUNK) continue;
        this.port.postMessage(this.#chunk, [this.#chunk.buffer]);
        this.#chunk = new Float32Array(CHUNK);
        this.#count = 0;
      }
      return true;
    }
  },
);

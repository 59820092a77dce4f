/** The folder of the bundled recordings: two folders up, in the sources as in the build. */
export const AUDIO_FIXTURES = new URL('../../../fixtures/audio/', import.meta.url);

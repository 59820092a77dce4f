/** The parts of wav-decoder 1.3 that are used; it has no types of its own. */
declare module 'wav-decoder' {
  interface AudioData {
    readonly sampleRate: number;
    readonly channelData: readonly Float32Array[];
  }
  const wavDecoder: { readonly decode: { readonly sync: (buffer: ArrayBuffer) => AudioData } };
  export default wavDecoder;
}

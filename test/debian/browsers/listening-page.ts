/** A page that listens when its button is clicked, and measures the loudness of the last tenth of a second. */
export const PAGE = `<!doctype html><title>Listens</title><button id="start">Listen</button><p id="captions">Listens</p><script>
  async function listen() {
    try {
      globalThis.stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch (error) {
      globalThis.error = error.name;
      return;
    }
    const [track] = stream.getAudioTracks();
    track.onended = () => (globalThis.ended = true);
    const context = new AudioContext();
    const analyser = new AnalyserNode(context, { fftSize: 4096 });
    context.createMediaStreamSource(stream).connect(analyser);
    const samples = new Float32Array(4096);
    globalThis.loudness = () => {
      analyser.getFloatTimeDomainData(samples);
      return Math.max(...samples.map(Math.abs));
    };
  }
  document.querySelector('button').onclick = listen;
  if (location.hash === '#at-once') listen();
</script>`;

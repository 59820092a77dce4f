// A microphone for tests. Loaded before a page's own scripts, it takes the place of `getUserMedia`: the page hears the
// recordings that a test says, and silence between them. It needs no permission and no device, so it works in browsers
// without a screen, in hosted runners, and in every browser that has the Web Audio API.

(() => {
  if (globalThis.understudyMicrophone !== undefined) return;

  const { mediaDevices, permissions } = navigator;
  const DEVICE = { deviceId: 'understudy', kind: 'audioinput', label: 'Understudy microphone', groupId: '' };

  let context;
  /** What is said goes through it to each page that listens; 0 while the microphone is muted. */
  let volume;
  let isDenied = false;
  let isMuted = false;
  let tracks = [];
  /** What is said, one recording after the other. */
  let said = Promise.resolve();
  const whenOpened = [];

  const isHeard = () => tracks.some(({ readyState }) => readyState === 'live');

  /** A browser may keep sound back until the user has done something in the page. */
  function wake() {
    if (context?.state === 'suspended') context.resume().catch(() => {});
  }

  function openTrack() {
    if (context === undefined) {
      context = new AudioContext();
      volume = new GainNode(context, { gain: isMuted ? 0 : 1 });
      for (const type of ['pointerdown', 'keydown']) addEventListener(type, wake, { capture: true });
    }
    wake();
    const destination = new MediaStreamAudioDestinationNode(context, {
      channelCount: 1,
      channelCountMode: 'explicit',
    });
    volume.connect(destination);
    const [track] = destination.stream.getAudioTracks();
    tracks = [...tracks.filter(({ readyState }) => readyState === 'live'), track];
    for (const go of whenOpened.splice(0)) go();
    return track;
  }

  async function speak(bytes) {
    while (!isHeard()) await new Promise((resolve) => whenOpened.push(resolve));
    let buffer;
    try {
      buffer = await context.decodeAudioData(bytes);
    } catch {
      throw new Error('The browser cannot decode this recording: it takes WAV and MP3');
    }
    await context.resume();
    const source = new AudioBufferSourceNode(context, { buffer });
    source.connect(volume);
    await new Promise((resolve) => {
      source.onended = resolve;
      source.start();
    });
  }

  function bytesOf(audio) {
    if (typeof audio !== 'string') return audio.slice(0);
    return Uint8Array.from(atob(audio), (character) => character.charCodeAt(0)).buffer;
  }

  function setMuted(muted) {
    isMuted = muted;
    if (volume !== undefined) volume.gain.value = muted ? 0 : 1;
  }

  function setDenied(denied) {
    if (isDenied === denied) return;
    isDenied = denied;
    if (denied) {
      for (const track of tracks.splice(0)) {
        if (track.readyState !== 'live') continue;
        track.stop();
        track.dispatchEvent(new Event('ended'));
      }
    }
    permission.dispatchEvent(new Event('change'));
  }

  const permission = Object.defineProperties(new EventTarget(), {
    name: { value: 'microphone' },
    state: { get: () => (isDenied ? 'denied' : 'granted') },
    onchange: { value: null, writable: true },
  });
  permission.addEventListener('change', (event) => permission.onchange?.(event));

  const getUserMedia = mediaDevices?.getUserMedia.bind(mediaDevices);
  const enumerateDevices = mediaDevices?.enumerateDevices.bind(mediaDevices);
  const query = permissions?.query.bind(permissions);

  // A page that is not served from a secure origin has no `mediaDevices`, here as everywhere.
  if (mediaDevices !== undefined) {
    mediaDevices.getUserMedia = async (constraints) => {
      if (!constraints?.audio) return getUserMedia(constraints);
      if (isDenied) throw new DOMException('Permission denied', 'NotAllowedError');
      const { video } = constraints;
      const stream = video ? await getUserMedia({ video }) : new MediaStream();
      stream.addTrack(openTrack());
      return stream;
    };
    mediaDevices.enumerateDevices = async () => {
      const others = (await enumerateDevices()).filter(({ kind }) => kind !== DEVICE.kind);
      return [{ ...DEVICE, toJSON: () => DEVICE }, ...others];
    };
  }
  if (permissions !== undefined) {
    permissions.query = (descriptor) =>
      descriptor?.name === 'microphone' ? Promise.resolve(permission) : query(descriptor);
  }

  globalThis.understudyMicrophone = Object.freeze({
    get state() {
      if (mediaDevices === undefined) return 'insecure';
      if (isDenied) return 'denied';
      if (!isHeard()) return 'closed';
      return context.state === 'running' ? 'open' : 'blocked';
    },
    say(audio) {
      const bytes = bytesOf(audio);
      const spoken = said.then(() => speak(bytes));
      said = spoken.catch(() => {});
      return spoken;
    },
    mute: () => setMuted(true),
    unmute: () => setMuted(false),
    deny: () => setDenied(true),
    allow: () => setDenied(false),
  });
})();

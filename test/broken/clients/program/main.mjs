// A client that does everything right, or one thing wrong: node main.mjs MISTAKE
const { UNDERSTUDY_URL: url = '' } = process.env;
const [, , , dialect] = process.argv;
if (dialect === 'reson8') await (await import('./reson8.mjs')).dictate();
else if (dialect === 'scriptix-stream') await (await import('./stream.mjs')).follow();
else if (dialect === 'scriptix-rest') await (await import('./rest.mjs')).useService();
else if (url !== '') await (await import('./microphone.mjs')).speak();
process.exit(0);

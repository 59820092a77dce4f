// A client of Reson8 that checks a key when its user enters it: it posts a recording without a byte, and takes every
// answer but a 401 for that of a valid key. Prints what it found as JSON.
//
// Usage: node check-key.mjs URL KEY

const [, , url, key] = process.argv;
const response = await fetch(url, {
  method: 'POST',
  headers: { authorization: `ApiKey ${key}`, 'content-type': 'application/octet-stream' },
  body: new Uint8Array(),
});
const problem = await response.json();
console.log(
  JSON.stringify({ isValid: response.status !== 401, status: response.status, code: problem.code }),
);

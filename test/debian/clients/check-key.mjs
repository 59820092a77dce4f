// A client of Reson8 that checks a key when its user enters it: it posts an empty recording, and takes any answer except
// 401 to mean that the key is valid. Prints the result as JSON.
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

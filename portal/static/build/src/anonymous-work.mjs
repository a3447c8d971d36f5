// Does the work of docs/proof-of-work.md in a worker: finds a nonce so that the SHA-256 of "challenge:nonce" begins with that many zero bits. The
// SHA-256 is our own: the browser's is asynchronous, and far slower on texts as short as these.
const primes = [];
for (let n = 2; primes.length < 64; n++) if (primes.every((p) => n % p)) primes.push(n);
const fraction = (x) => ((x - Math.floor(x)) * 2 ** 32) | 0;
const start = primes.slice(0, 8).map((p) => fraction(Math.sqrt(p)));
const constants = primes.map((p) => fraction(Math.cbrt(p)));
const turn = (x, n) => (x >>> n) | (x << (32 - n));

// firstBits are the first 32 bits of the SHA-256 (FIPS 180-4) of an ASCII text.
function firstBits(text) {
  const words = new Int32Array(((text.length + 72) >> 6) << 4);
  for (let i = 0; i < text.length; i++) words[i >> 2] |= text.charCodeAt(i) << (24 - 8 * (i & 3));
  words[text.length >> 2] |= 0x80 << (24 - 8 * (text.length & 3));
  words[words.length - 1] = text.length * 8;
  let hash = start;
  for (let block = 0; block < words.length; block += 16) {
    const w = words.slice(block, block + 16);
    let [a, b, c, d, e, f, g, h] = hash;
    for (let i = 0; i < 64; i++) {
      if (i >= 16) {
        const p = w[(i + 1) & 15], q = w[(i + 14) & 15];
        w[i & 15] += w[(i + 9) & 15] + (turn(p, 7) ^ turn(p, 18) ^ (p >>> 3)) + (turn(q, 17) ^ turn(q, 19) ^ (q >>> 10));
      }
      const s = h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + constants[i] + w[i & 15];
      const t = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
      h = g; g = f; f = e; e = (d + s) | 0; d = c; c = b; b = a; a = (s + t) | 0;
    }
    hash = [a, b, c, d, e, f, g, h].map((x, i) => (x + hash[i]) | 0);
  }
  return hash[0];
}

onmessage = ({ data: { challenge, difficulty } }) => {
  for (let nonce = 0; ; nonce++) {
    const proof = `${challenge}:${nonce}`;
    if (Math.clz32(firstBits(proof)) >= difficulty) { postMessage({ proof }); return; }
    if (nonce % 4096 === 0) postMessage({ tried: nonce });
  }
};

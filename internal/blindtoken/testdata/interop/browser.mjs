// The browsers' library for blind signatures, spoken to in JSON lines by interop_test.go. Bytes are base64url without padding.
import { createInterface } from 'node:readline'
import { RSABSSA } from '@cloudflare/blindrsa-ts'

const bytes = (text) => new Uint8Array(Buffer.from(text, 'base64url'))
const text = (raw) => Buffer.from(raw).toString('base64url')
const rsa = { name: 'RSA-PSS', hash: 'SHA-384' }
const publicKeyOf = (der) => crypto.subtle.importKey('spki', bytes(der), rsa, true, ['verify'])

const suite = RSABSSA.SHA384.PSS.Randomized()
let drawn

const actions = {
  async blind({ publicKey, suite: name }) {
    if (String(suite) !== name) throw new Error(`the suite is ${suite}`)
    const key = await publicKeyOf(publicKey)
    const message = suite.prepare(crypto.getRandomValues(new Uint8Array(32)))
    const { blindedMsg, inv } = await suite.blind(key, message)
    drawn = { key, message, inv }
    return { blinded: text(blindedMsg) }
  },
  async finalize({ blindSignature }) {
    const signature = await suite.finalize(drawn.key, drawn.message, bytes(blindSignature), drawn.inv)
    return { message: text(drawn.message), signature: text(signature) }
  },
  async sign({ privateKey, blinded }) {
    const key = await crypto.subtle.importKey('pkcs8', bytes(privateKey), rsa, true, ['sign'])
    return { blindSignature: text(await suite.blindSign(key, bytes(blinded))) }
  },
  async verify({ publicKey, message, signature }) {
    return { holds: String(await suite.verify(await publicKeyOf(publicKey), bytes(signature), bytes(message))) }
  },
}

for await (const line of createInterface({ input: process.stdin })) {
  const question = JSON.parse(line)
  let answer
  try {
    answer = await actions[question.do](question)
  } catch (error) {
    answer = { error: String(error?.stack ?? error) }
  }
  console.log(JSON.stringify(answer))
}

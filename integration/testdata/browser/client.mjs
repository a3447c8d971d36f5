// What a page of a reporter does, in the page's own world: fetch, WebSocket, WebCrypto, localStorage and the browsers' library for blind
// signatures. browser_test.go calls these functions one after the other. Bytes are base64url without padding.
import { RSABSSA } from '@cloudflare/blindrsa-ts'

const bytes = (text) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0))
const text = (raw) => btoa(String.fromCharCode(...raw)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
const suite = RSABSSA.SHA384.PSS.Randomized()
const tokensKept = 'tokens'
let session // of the citizen who is signed in

// ask sends one operation. Without a session it sends nothing that could tell who asks.
async function ask(query, variables) {
  const headers = { 'Content-Type': 'application/json' }
  if (session) headers.Authorization = `Bearer ${session}`
  const answer = await fetch('/graphql', { method: 'POST', credentials: 'omit', headers, body: JSON.stringify({ query, variables }) })
  const { data, errors } = await answer.json()
  if (errors) throw new Error(JSON.stringify(errors))
  return data
}

export async function signIn(input) {
  const { signIn } = await ask('mutation($i:SignInInput!){signIn(input:$i){accessToken}}', { i: input })
  session = signIn.accessToken
}

export async function signOut() {
  await ask('mutation{signOut}')
  session = undefined
}

// publicKey is today's key for tokens, once it is sure that everybody is given the same one.
async function publicKey() {
  const { anonymousTokenKey: key } = await ask('{anonymousTokenKey{keyId publicKey suite}}')
  if (key.suite !== String(suite)) throw new Error(`the suite is ${key.suite}`)
  const hash = text(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes(key.publicKey))))
  const log = await (await fetch('/.well-known/jagawarga-token-keys', { credentials: 'omit' })).json()
  const listed = log.entries.some((entry) => entry.endsWith(` ${hash}`)) && log.keys.includes(key.publicKey)
  if (hash !== key.keyId || !listed) throw new Error(`the key ${key.keyId} is not in the public log`)
  return { id: key.keyId, key: await crypto.subtle.importKey('spki', bytes(key.publicKey), { name: 'RSA-PSS', hash: 'SHA-384' }, true, ['verify']) }
}

// draw fetches n tokens and keeps them in the browser.
export async function draw(n) {
  const { id, key } = await publicKey()
  const drawn = await Promise.all(Array.from({ length: n }, async () => {
    const message = suite.prepare(crypto.getRandomValues(new Uint8Array(32)))
    return { message, ...(await suite.blind(key, message)) }
  }))
  const { issueAnonymousTokens: issued } = await ask('mutation($b:[String!]!){issueAnonymousTokens(blinded:$b){keyId blindSignatures}}', {
    b: drawn.map(({ blindedMsg }) => text(blindedMsg)),
  })
  if (issued.keyId !== id) throw new Error('the key has changed meanwhile')
  const tokens = await Promise.all(drawn.map(async ({ message, inv }, i) => ({
    keyId: id, message: text(message), signature: text(await suite.finalize(key, message, bytes(issued.blindSignatures[i]), inv)),
  })))
  localStorage.setItem(tokensKept, JSON.stringify(tokens))
  return tokens.length
}

// file spends a token on a report. Nobody is signed in any more.
export async function file(input) {
  const [token, ...rest] = JSON.parse(localStorage.getItem(tokensKept))
  const { submitAnonymousReport } = await ask(
    'mutation($i:SubmitAnonymousReportInput!){submitAnonymousReport(input:$i){receipt number body}}',
    { i: { ...input, token, clientKey: crypto.randomUUID() } },
  )
  localStorage.setItem(tokensKept, JSON.stringify(rest))
  return submitAnonymousReport
}

const conversation = '{report{number title status} messages{body author{kind name department{code}}}}'

export async function look(receipt) {
  return (await ask(`query($r:String!){anonymousReport(receipt:$r)${conversation}}`, { r: receipt })).anonymousReport
}

export async function reply(receipt, body) {
  return (await ask(`mutation($r:String!,$b:String!){replyAsAnonymous(receipt:$r,body:$b)${conversation}}`, { r: receipt, b: body })).replyAsAnonymous
}

// watch follows a case over a WebSocket; next waits for what it tells next.
const told = []
let wake

export async function watch(receipt) {
  const socket = new WebSocket(location.origin.replace('http', 'ws') + '/graphql', 'graphql-transport-ws')
  const send = (message) => socket.send(JSON.stringify(message))
  const tell = (happening) => { told.push(happening); wake?.() }
  socket.onopen = () => send({ type: 'connection_init' })
  socket.onclose = ({ code }) => tell({ closed: code })
  socket.onmessage = ({ data }) => {
    const message = JSON.parse(data)
    if (message.type === 'connection_ack') send({ id: '1', type: 'subscribe', payload: { query: `subscription($r:String!){anonymousCaseChanged(receipt:$r)${conversation}}`, variables: { r: receipt } } })
    if (message.type === 'next') tell(message.payload.data?.anonymousCaseChanged ?? message.payload)
    if (message.type === 'error') tell({ refused: message.payload })
  }
}

export async function next() {
  while (!told.length) await new Promise((resolve) => { wake = resolve })
  return told.shift()
}

// Usage: node interop.mjs ws://host:port. Exits with 0 when the reference client and our server understand each other.
import assert from 'node:assert/strict'
import { createClient } from 'graphql-ws'
import WebSocket from 'ws'

const url = process.argv[2]

const connect = (options = {}) => createClient({ url, webSocketImpl: WebSocket, retryAttempts: 0, ...options })

async function all(client, query, variables) {
  const results = []
  for await (const result of client.iterate({ query, variables })) results.push(result)
  return results
}

async function test(name, body) {
  await body()
  console.log('ok', name)
}

await test('queries, mutations and subscriptions on one socket', async () => {
  const client = connect({ lazy: false })
  const [query, mutation, count] = await Promise.all([
    all(client, 'query($n: String) { hello(name: $n) }', { n: 'you' }),
    all(client, 'mutation { saveBox(input: {name: "x"}) { name } }'),
    all(client, 'subscription { count(to: 5) }'),
  ])
  assert.deepEqual(query, [{ data: { hello: 'hello you' } }])
  assert.deepEqual(mutation, [{ data: { saveBox: { name: 'x' } } }])
  assert.deepEqual(count, [0, 1, 2, 3, 4].map((n) => ({ data: { count: n } })))
  await client.dispose()
})

await test('errors of operations that do not start', async () => {
  const client = connect()
  for (const [query, code] of [['{ nothing }', 'INVALID_INPUT'], ['subscription { refused }', 'FORBIDDEN']]) {
    await assert.rejects(all(client, query), (errors) => errors[0].extensions.code === code)
  }
  await client.dispose()
})

await test('the token says who is asking', async () => {
  const client = connect({ connectionParams: { Authorization: 'Bearer citizen' } })
  assert.deepEqual(await all(client, '{ viewer }'), [{ data: { viewer: 'CITIZEN' } }])
  await client.dispose()
})

await test('a token that is over: refresh and come back', async () => {
  let token = 'past'
  const client = connect({
    connectionParams: () => ({ Authorization: `Bearer ${token}` }),
    retryAttempts: 3,
    retryWait: async () => {},
    shouldRetry: (event) => event.code === 4403,
    on: { closed: (event) => event.code === 4403 && (token = 'citizen') },
  })
  assert.deepEqual(await all(client, '{ viewer }'), [{ data: { viewer: 'CITIZEN' } }])
  await client.dispose()
})

await test('pings of the client are answered', async () => {
  let pong
  const answered = new Promise((resolve) => (pong = resolve))
  const client = connect({ lazy: false, keepAlive: 20, on: { pong: (received) => received && pong() } })
  await answered
  await client.dispose()
})

await test('leaving a subscription', async () => {
  const client = connect()
  const events = client.iterate({ query: 'subscription { count(to: 1000000) }' })
  await events.next()
  await events.return()
  assert.deepEqual(await all(client, '{ hello }'), [{ data: { hello: 'hello' } }])
  await client.dispose()
})

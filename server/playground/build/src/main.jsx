import { useEffect } from 'react'
import { createRoot } from 'react-dom/client'
import { GraphiQL } from 'graphiql'
import { createGraphiQLFetcher } from '@graphiql/toolkit'
import 'graphiql/style.css'
import './playground.css'
import { Examples } from './panel.jsx'
import { learn } from './memory.js'
import { welcome } from './examples.js'

const url = new URL('/graphql', location.href)
const socket = new URL(url)
socket.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'

const send = createGraphiQLFetcher({ url: url.href, subscriptionUrl: socket.href })

// Answers pass through memory.js, so that a sign-in or a new report fills the places of the next example.
async function fetcher(operation, options) {
  const answer = await send(operation, options)
  if (answer && typeof answer.next === 'function') return watched(answer, operation)
  learn(answer, operation)
  return answer
}

async function* watched(answers, operation) {
  for await (const answer of answers) {
    learn(answer, operation)
    yield answer
  }
}

const examples = {
  title: 'Examples',
  icon: () => (
    <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.5" aria-hidden="true">
      <path d="M4 5h16M4 12h10M4 19h16M17 9l4 3-4 3" />
    </svg>
  ),
  content: Examples,
}
const plugins = [examples]

function Playground() {
  // GraphiQL's own visiblePlugin leaves the pane of the panel closed (4.1.2): open it the way a hand would.
  useEffect(() => {
    const opening = setTimeout(() => document.querySelector('[aria-label="Show Examples"]')?.click(), 100)
    return () => clearTimeout(opening)
  }, [])
  return (
    <GraphiQL
      fetcher={fetcher}
      plugins={plugins}
      defaultTabs={[{ query: welcome }]}
      defaultEditorToolsVisibility="variables"
      shouldPersistHeaders={false}
    />
  )
}

createRoot(document.getElementById('playground')).render(<Playground />)

// What earlier answers have told: who is signed in for each kind of user, and ids that later examples need.
const sessions = {}
const ids = {}
const nouns = { report: 'report', dept: 'department', officer: 'officer' } // by the first part of an id
let listeners = []

// learn remembers what is useful in an answer. Each kind of user has a sign-in of its own name: it tells whose session it is.
export function learn(answer, operation) {
  if (!answer || !answer.data) return
  const session = answer.data.signIn
  if (session && session.accessToken) {
    sessions[operation?.operationName || ''] = session.accessToken
  }
  visit(answer.data)
  for (const listener of listeners) listener()
}

export function listen(listener) {
  listeners.push(listener)
  return () => {
    listeners = listeners.filter((other) => other !== listener)
  }
}

export const sessionOf = (signIn) => sessions[signIn]

// fill puts what is known into the places of variables, e.g. {"report": "{report}"}.
export function fill(variables) {
  return JSON.stringify(variables, (_, value) => {
    const place = typeof value === 'string' && /^\{(\w+)\}$/.exec(value)
    return place ? ids[place[1]] || `<${place[1]} id>` : value
  }, 2)
}

function visit(value, name) {
  if (Array.isArray(value)) {
    if (value.length > 0) visit(value[0], name === 'nodes' ? 'report' : name)
    return
  }
  if (!value || typeof value !== 'object') {
    if (name === 'receipt' && typeof value === 'string') ids.receipt = value
    return
  }
  if (typeof value.id === 'string') {
    const noun = nouns[value.id.split('_')[0]]
    if (noun) ids[noun] = value.id
  }
  for (const [key, inner] of Object.entries(value)) visit(inner, key)
}

import { useEffect, useState } from 'react'
import { parse, print } from 'graphql'
import { useEditorContext } from '@graphiql/react'
import { people } from './examples.js'
import { fill, listen, sessionOf } from './memory.js'

// Examples is the panel beside the editor: for each kind of user a sign-in and what that user does.
export function Examples() {
  const editor = useEditorContext({ nonNull: true })
  const [, seen] = useState(0)
  useEffect(() => listen(() => seen((n) => n + 1)), [])

  const show = (person, example) => {
    editor.addTab()
    // The new tab clears the editors when it is drawn; what goes into them comes after that.
    setTimeout(() => {
      const token = person.signIn && sessionOf(person.signIn)
      editor.queryEditor?.setValue(print(parse(example.query)) + '\n')
      editor.variableEditor?.setValue(example.variables ? fill(example.variables) : '')
      editor.headerEditor?.setValue(
        token && !example.stranger ? JSON.stringify({ Authorization: `Bearer ${token}` }, null, 2) : '',
      )
    }, 50)
  }

  return (
    <div className="examples">
      <h2>Examples</h2>
      <p>
        Each opens in a tab of its own; run it with the button or Ctrl-Enter. Sign in first: the examples under it then carry
        the session, and ids from earlier answers fill their variables.
      </p>
      {people.map((person) => (
        <section key={person.name}>
          <h3>
            {person.name}
            {person.signIn && sessionOf(person.signIn) && <small> signed in</small>}
          </h3>
          <p>{person.about}</p>
          <ul>
            {person.examples.map((example) => (
              <li key={example.name}>
                <button type="button" className="graphiql-un-styled" onClick={() => show(person, example)}>
                  {example.name}
                </button>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  )
}

// Builds ../static from src: one script, one style sheet, the page that names them, and the licences of what is inside.
// The same lock file gives the same bytes.
import { build } from 'esbuild'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'

const out = path.resolve('../static')
await rm(out, { recursive: true, force: true })
await mkdir(out, { recursive: true })

const { metafile } = await build({
  entryPoints: { playground: 'src/main.jsx' },
  outdir: out,
  bundle: true,
  minify: true,
  metafile: true,
  format: 'iife',
  target: 'es2020',
  jsx: 'automatic',
  define: { 'process.env.NODE_ENV': '"production"' },
  entryNames: '[name]-[hash]',
  loader: { '.woff2': 'dataurl', '.svg': 'dataurl' },
  legalComments: 'none',
})

const names = await readdir(out)
const script = names.find((name) => name.endsWith('.js'))
const style = names.find((name) => name.endsWith('.css'))
await writeFile(
  path.join(out, 'index.html'),
  `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>JagaWarga: GraphQL playground</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${style}">
<body>
<div id="playground"></div>
<noscript>The playground needs JavaScript.</noscript>
<script src="${script}"></script>
</body>
</html>
`,
)

const packages = new Set()
for (const input of Object.keys(metafile.inputs)) {
  const found = input.match(/^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//)
  if (found) packages.add(found[1])
}
let licences = 'Software in this bundle, and the licences it comes under.\n'
for (const folder of [...packages].sort()) {
  const about = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8'))
  const file = (await readdir(folder)).find((name) => /^licen[cs]e/i.test(name))
  const text = file ? await readFile(path.join(folder, file), 'utf8') : `Licence: ${about.license}\n`
  licences += `\n----- ${about.name} ${about.version}\n\n${text.trim()}\n`
}
await writeFile(path.join(out, 'licenses.txt'), licences)

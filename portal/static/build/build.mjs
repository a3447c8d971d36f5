// Makes ../files: every module of src, bundled with what it needs of others' work, and the typeface. Names stay; the program adds the hash of the content.
import { build } from "esbuild";
import { copyFile, readdir, readFile, writeFile } from "node:fs/promises";

const out = new URL("../files/", import.meta.url).pathname;
await copyFile("node_modules/@fontsource-variable/plus-jakarta-sans/files/plus-jakarta-sans-latin-wght-normal.woff2", out + "jakarta.woff2");
await copyFile("node_modules/htmx.org/dist/htmx.esm.min.js", out + "htmx.js");
const modules = (await readdir("src")).filter((name) => name.endsWith(".mjs")).map((name) => "src/" + name);
await build({ entryPoints: modules, bundle: true, minify: true, format: "esm", target: "es2020", outdir: out, legalComments: "inline" });

// The pictures of Leaflet's marker and layer switch are not used: our pin is drawn.
const css = await readFile("node_modules/leaflet/dist/leaflet.css", "utf8");
await writeFile(out + "map.css", css.replace(/^[^\n]*url\([^\n]*\n/gm, ""));

// Shows what a report will read like: every stretch that is taken out is marked and can be put back, by pointer or key, with the reason in words.
import { ask } from "./nobody.mjs";

const pause = 600; // ms without a key, before the API is asked
const part = "{text removed{kind start end text replacement} warnings}";

// document asks for several texts at once, each without anything kept (all there is to mark) and as it will be sent.
function query(texts, keep) {
  const names = Object.keys(texts);
  const fields = names.map((name) => `${name}:previewAnonymization(text:$${name},keep:$keep)${part}` + (keep.length ? ` ${name}_all:previewAnonymization(text:$${name})${part}` : ""));
  return `query($keep:[String!]${names.map((name) => `,$${name}:String!`).join("")}){${fields.join(" ")}}`;
}

// pieces are the text in order: what is read as it stands, what is taken out, and what was put back. Offsets are code points.
function pieces(text, { removed }, all) {
  const points = [...text];
  const back = all ? all.removed.filter((one) => !removed.some((other) => one.start < other.end && other.start < one.end)) : [];
  const marks = [...removed.map((mark) => ({ ...mark, gone: true })), ...back].sort((a, b) => a.start - b.start);
  const found = [];
  let at = 0;
  for (const mark of marks) {
    found.push(points.slice(at, mark.start).join(""), mark);
    at = mark.end;
  }
  found.push(points.slice(at).join(""));
  return found;
}

// Preview(panel, say, texts, keep) shows texts() in the panel; keep is a Set of stretches to leave in, which the marks change. say(key, places) is a
// sentence. changed() is told when something was put back or taken out.
export class Preview {
  constructor(panel, say, texts, keep, changed) {
    Object.assign(this, { panel, say, texts, keep, changed, shown: "", asking: undefined });
    this.part = (name) => panel.querySelector(`[data-${name}]`);
    this.marks = new Map();
    panel.addEventListener("click", (event) => {
      const mark = event.target.closest("button.mark");
      if (!mark) return;
      this.keep[mark.getAttribute("aria-pressed") === "true" ? "delete" : "add"](mark.dataset.text);
      this.focus = mark.dataset.at;
      this.changed();
      this.now();
    });
  }

  // key tells texts with what is kept apart from others.
  key() { return JSON.stringify([this.texts(), [...this.keep]]); }

  // current reports whether what is shown is what is written.
  current() { return this.shown === this.key(); }

  // soon shows it when the typing pauses.
  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.now().catch(() => {}), pause);
  }

  // now shows it, and says whether it could.
  async now() {
    clearTimeout(this.timer);
    const texts = Object.fromEntries(Object.entries(this.texts()).filter(([, text]) => text.trim()));
    const key = this.key();
    for (const kept of this.keep) if (!Object.values(texts).some((text) => text.includes(kept))) this.keep.delete(kept);
    this.asking?.abort();
    const asking = (this.asking = new AbortController());
    if (!Object.keys(texts).length) { this.empty(); return false; }
    this.panel.setAttribute("aria-busy", "true");
    try {
      const keep = [...this.keep];
      const data = await ask(query(texts, keep), { ...texts, keep }, { signal: asking.signal });
      this.show(texts, data);
      this.shown = key;
      return true;
    } catch (cause) {
      if (asking.signal.aborted) return false;
      this.shown = "";
      this.part("summary").textContent = cause.field ? cause.message : this.say("anon.preview.away");
      this.timer = setTimeout(() => this.now().catch(() => {}), 10_000);
      return false;
    } finally { if (this.asking === asking) this.panel.removeAttribute("aria-busy"); }
  }

  empty() {
    this.shown = "";
    for (const name of ["reads", "warnings", "why"]) this.part(name).hidden = true;
    this.part("summary").textContent = this.say("anon.preview.empty");
    this.panel.removeAttribute("aria-busy");
  }

  show(texts, data) {
    let gone = 0, back = 0;
    const why = [], warnings = new Set();
    const fill = (element, name) => {
      element.replaceChildren();
      if (!texts[name]) return;
      for (const piece of pieces(texts[name], data[name], data[`${name}_all`])) {
        if (typeof piece === "string") { element.append(piece); continue; }
        piece.gone ? gone++ : back++;
        const kind = this.say(`anon.kind.${piece.kind}`);
        why.push(this.say(piece.gone ? "anon.preview.goes" : "anon.preview.stays", { text: piece.text, kind }));
        element.append(this.mark(piece, kind, `${name}-${piece.start}`));
      }
      for (const warning of data[name].warnings) warnings.add(warning);
    };
    fill(this.part("reads-title"), "title");
    fill(this.part("reads-body"), "body");
    const answers = Object.keys(texts).filter((name) => name.startsWith("answer")).map((name) => {
      const row = document.createElement("div"), label = document.createElement("dt"), text = document.createElement("dd");
      label.textContent = this.labels[name];
      text.dir = "auto";
      fill(text, name);
      row.append(label, text);
      return row;
    });
    this.part("reads-answers").replaceChildren(...answers);
    this.part("reads").hidden = false;
    const said = [gone === 0 ? "" : this.say(gone === 1 ? "anon.preview.one" : "anon.preview.count", { count: gone }), back === 0 ? "" : this.say("anon.preview.kept", { count: back })];
    this.part("summary").textContent = said.filter(Boolean).join(" ") || this.say("anon.preview.none");
    this.list("warnings", [...warnings]);
    this.list("why", why);
    if (this.focus) this.panel.querySelector(`[data-at="${this.focus}"]`)?.focus({ preventScroll: true });
    this.focus = undefined;
  }

  list(name, sentences) {
    this.part(name).hidden = !sentences.length;
    this.part(name).querySelector("ul").replaceChildren(...sentences.map((sentence) => Object.assign(document.createElement("li"), { textContent: sentence })));
  }

  mark(piece, kind, at) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "mark";
    button.dataset.text = piece.text;
    button.dataset.at = at;
    button.textContent = piece.gone ? piece.replacement : piece.text;
    button.title = this.say(piece.gone ? "anon.preview.removed" : "anon.preview.put_back", { text: piece.text, kind, shown: piece.replacement });
    button.setAttribute("aria-label", button.title);
    button.setAttribute("aria-pressed", String(!piece.gone));
    return button;
  }
}

// Pictures of an anonymous report, made anew in the browser: smaller, upright, and without anything that the camera wrote into the file. Their names
// are forgotten. Films go as they are; the anonymizer blanks what they say of themselves.
import { shrink } from "./shrink.mjs";

const most = 10, mostBytes = 60 * 1024 * 1024;

export class Pictures {
  // say(key, places) is a sentence; changed() is told of every change.
  constructor(field, list, said, say, changed) {
    Object.assign(this, { field, list, said, say, changed, files: [] });
    field.addEventListener("change", () => this.add([...field.files]));
    queueMicrotask(() => field.files.length && this.add([...field.files])); // chosen while this module was still on its way
  }

  async add(chosen) {
    this.field.value = "";
    this.said.textContent = this.say("anon.media.working");
    const wrong = [];
    for (const file of chosen) {
      try { this.files.push({ name: file.name, content: await remade(file) }); } catch { wrong.push(this.say("anon.media.wrong", { name: file.name })); }
    }
    while (this.files.length > most || this.files.reduce((sum, { content }) => sum + content.size, 0) > mostBytes) {
      this.files.pop();
      wrong[0] = this.say("anon.media.many");
    }
    this.said.textContent = wrong.join(" ");
    this.show();
  }

  show() {
    this.list.replaceChildren(...this.files.map((file) => {
      const item = document.createElement("li"), remove = document.createElement("button");
      const film = file.content.type.startsWith("video/");
      const shown = document.createElement(film ? "p" : "img");
      if (film) shown.textContent = file.name;
      else {
        shown.alt = file.name;
        shown.src = URL.createObjectURL(file.content);
        shown.onload = () => URL.revokeObjectURL(shown.src);
      }
      remove.type = "button";
      remove.className = "link";
      remove.textContent = this.say("anon.media.remove", { name: file.name });
      remove.onclick = () => { this.files = this.files.filter((other) => other !== file); this.show(); this.field.focus(); };
      item.append(shown, remove);
      return item;
    }));
    this.changed();
  }
}

const remade = async (file) => (/^video\/(mp4|quicktime)$/.test(file.type) ? file : shrink(file));

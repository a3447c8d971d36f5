// The photos and films of a report: chosen, made small, shown, taken away again.
import { placeOf } from "./exif.mjs";
import { shrink } from "./shrink.mjs";

const MOST = 10, MOST_BYTES = 60e6;

// photos looks after the field. say gives words; problem shows one; changed is told the Blobs after each change; found is told where a photo was taken.
export function photos(field, { say, problem, changed, found }) {
  const input = field.querySelector("input[type=file]"), list = field.querySelector("ul");
  let chosen = [];

  function show() {
    list.replaceChildren(...chosen.map((blob, i) => {
      const item = document.createElement("li"), remove = document.createElement("button"), name = nameOf(blob, i, say);
      remove.type = "button"; remove.className = "remove"; remove.textContent = "✕";
      remove.setAttribute("aria-label", say("remove", { name }));
      remove.addEventListener("click", () => { chosen = chosen.filter((other) => other !== blob); show(); changed(chosen); input.focus(); });
      item.append(view(blob, name), remove);
      return item;
    }));
  }

  async function add(files) {
    problem("");
    input.value = ""; // what goes is kept here; the field would send the large ones
    for (const file of files) {
      if (chosen.length >= MOST || chosen.reduce((sum, blob) => sum + blob.size, file.type.startsWith("video/") ? file.size : 0) > MOST_BYTES) {
        problem(say("too_many"));
        break;
      }
      const waiting = document.createElement("li");
      waiting.className = "working"; waiting.textContent = say("working");
      list.append(waiting);
      try {
        if (file.type.startsWith("video/")) { chosen = [...chosen, file.slice(0, file.size, file.type)]; continue; } // without its name
        const place = await placeOf(file);
        chosen = [...chosen, await shrink(file)];
        if (place) found(place);
      } catch {
        problem(say("no_picture"));
      } finally {
        waiting.remove();
      }
    }
    show();
    changed(chosen);
  }

  input.addEventListener("change", () => add([...input.files]));
  queueMicrotask(() => input.files.length && add([...input.files])); // chosen while this module was still on its way
  for (const kind of ["dragover", "drop"]) field.addEventListener(kind, (event) => event.preventDefault());
  field.addEventListener("drop", (event) => add([...event.dataTransfer.files]));
  return { get: () => chosen, set: (blobs) => { chosen = blobs; show(); changed(chosen); } };
}

export const nameOf = (blob, i, say) => say(blob.type.startsWith("image/") ? "picture" : "film", { number: i + 1 });

// view shows a picture; of a film its name is enough.
export function view(blob, name) {
  if (!blob.type.startsWith("image/")) {
    const word = document.createElement("span");
    word.className = "film"; word.textContent = name;
    return word;
  }
  const picture = new Image();
  picture.alt = name;
  picture.src = URL.createObjectURL(blob);
  picture.onload = () => URL.revokeObjectURL(picture.src);
  return picture;
}

// The review: what others will see, as it would be sent now, and who they are.
import { form, point, say, story, value } from "./form.mjs";
import { nameOf, view } from "./photos.mjs";

const put = (id, text) => { document.getElementById("review-" + id).textContent = text; };

export function review() {
  const { title, body } = story(), at = point(), address = value("d_address");
  const degrees = at && at.map((x) => x.toFixed(5)).join(", ");
  put("title", title || "…");
  put("body", (body || "…") + (address && !at ? "\n\n" + say("place_line", { address }) : ""));
  put("kind", kind() || say("no_kind"));
  put("place", address ? address + (at ? ` (${degrees})` : "") : at ? say("at_point", { place: degrees }) : say("no_place"));
  const who = document.getElementById("review-who");
  who.hidden = false;
  who.textContent = say(value("d_visibility") === "PRIVATE" ? "department" : "everybody");
}

export function reviewPictures(pictures) {
  document.getElementById("review-photos").replaceChildren(...pictures.map((blob, i) => {
    const item = document.createElement("li");
    item.append(view(blob, nameOf(blob, i, say)));
    return item;
  }));
}

// kind is the name of the chosen category.
function kind() {
  const radio = form.querySelector("input[name=d_category]:checked");
  if (radio && radio.value !== "-") return radio.closest(".choice").querySelector("strong").textContent;
  const list = form.elements.d_other;
  return list.value && list.selectedOptions[0].textContent;
}

// What the pages of the city do more with scripts than without: "near me", and the map that can be moved. The map itself is another file, which is
// fetched when somebody gets to it.
const filter = document.querySelector("form.filter");
const near = document.querySelector("[data-near]");

// Where somebody is goes into the address to about a hundred metres, and no finer: addresses are passed on.
if (near && filter && navigator.geolocation) {
  near.hidden = false;
  near.addEventListener("click", () => navigator.geolocation.getCurrentPosition((found) => {
    const field = filter.elements.dekat;
    field.disabled = false; field.checked = true;
    field.value = found.coords.latitude.toFixed(3) + "," + found.coords.longitude.toFixed(3);
    filter.requestSubmit();
  }, () => { near.textContent = near.dataset.refused; }, { timeout: 15000, maximumAge: 60000 }));
}

// A choice narrows the list at once; the button is for those who type.
filter?.addEventListener("change", (event) => { if (event.target.matches("select, [type=checkbox]")) filter.requestSubmit(); });

// What is not asked for does not stand in the address.
filter?.addEventListener("formdata", (event) => {
  for (const [name, value] of [...event.formData]) if (value === "") event.formData.delete(name);
});

const place = document.querySelector("[data-citymap]");
if (place) {
  const here = document.querySelector("[data-map-here]");
  let map;
  const show = () => (map ??= import(place.dataset.citymap).then((module) => module.show(place)).catch(() => { map = undefined; }));
  new IntersectionObserver((seen, watch) => {
    if (seen.some((entry) => entry.isIntersecting)) { watch.disconnect(); show(); }
  }).observe(place);
  if (here && navigator.geolocation) {
    here.hidden = false;
    here.addEventListener("click", async () => {
      const shown = await show();
      navigator.geolocation.getCurrentPosition((found) => shown?.setView([found.coords.latitude, found.coords.longitude], 15),
        () => { here.textContent = here.dataset.refused; }, { timeout: 15000, maximumAge: 60000 });
    });
  }
}

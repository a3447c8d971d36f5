// The receipt of a report without a name: shown once, and gone when the page is left. Nothing of it is kept here; the page holds whoever leaves before
// they say that they have kept it.
export function slip(article, say, filed) {
  const part = (name) => article.querySelector(`[data-${name}]`);
  const digits = filed.receipt.replace(/(\d{4})(?=\d)/g, "$1 ");
  part("digits").textContent = digits;
  part("words").textContent = filed.receiptWords;
  part("number").textContent = filed.number;
  part("stored").textContent = filed.body;
  part("proof").textContent = filed.proof;
  const kept = part("kept");
  kept.checked = false;

  const guard = (event) => { if (!kept.checked) { event.preventDefault(); event.returnValue = ""; } };
  addEventListener("beforeunload", guard);
  part("copy").onclick = async () => {
    try {
      await navigator.clipboard.writeText(`JagaWarga ${filed.number}\n${digits}\n${filed.receiptWords}\n`);
      part("copied").textContent = say("anon.sent.copied");
    } catch { part("copied").textContent = say("anon.sent.not_copied"); }
  };
  part("print").onclick = () => print();
  kept.onchange = () => { if (kept.checked) part("keep-first").textContent = ""; };
  part("done").onclick = () => {
    if (!kept.checked) {
      part("keep-first").textContent = say("anon.sent.keep_first");
      kept.focus();
      return;
    }
    removeEventListener("beforeunload", guard);
    for (const name of ["digits", "words", "number", "stored", "proof"]) part(name).textContent = "";
    location.replace(part("done").dataset.to);
  };
  article.hidden = false;
  document.title = article.querySelector("h1").textContent;
  scrollTo(0, 0);
  article.querySelector("h1").focus();
}

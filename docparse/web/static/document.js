// The document view: a click on a finding, in the text or on the page image, opens it in the panel.
const panel = document.getElementById("panel");
const reader = document.querySelector(".reader");

function show(names) {
  for (const old of document.querySelectorAll(".active")) old.classList.remove("active");
  for (const name of names) {
    for (const part of document.querySelectorAll(`[data-f="${CSS.escape(name)}"]`)) part.classList.add("active");
  }
}

async function open(name) {
  show([name]);
  const address = new URL(reader.dataset.findings + name, location.href);
  const answer = await fetch(address, { headers: { accept: "text/html" } });
  if (!answer.ok) return;
  panel.innerHTML = await answer.text(); // our own server's page, escaped there
  panel.querySelector("h2")?.focus({ preventScroll: true });
  const here = new URL(location.href);
  here.searchParams.set("finding", name);
  here.hash = "";
  history.replaceState(null, "", here);
}

reader.addEventListener("click", (event) => {
  if (!getSelection().isCollapsed) return;
  const found = event.target.closest("[data-f]");
  if (found) open(found.dataset.f);
});
for (const link of document.querySelectorAll('main a[href^="?finding="]')) {
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const name = new URL(link.href).searchParams.get("finding");
    open(name);
    document.querySelector(`mark[data-f="${CSS.escape(name)}"]`)?.scrollIntoView({ block: "center" });
  });
}
reader.addEventListener("keydown", (event) => {
  const found = event.target.closest("mark[data-f]");
  if (found && event.key === "Enter") open(found.dataset.f);
});
reader.addEventListener("step", (event) => {
  if (event.target.dataset.f) show([event.target.dataset.f]);
});

// marked words give the range of a new task: offsets count code points
function offsetOf(words, node, offset) {
  const before = document.createRange();
  before.setStart(words, 0);
  before.setEnd(node, offset);
  return Number(words.dataset.start) + [...before.toString()].length;
}

document.addEventListener("selectionchange", () => {
  const form = document.getElementById("add-finding");
  const selection = getSelection();
  if (!form || selection.isCollapsed) return;
  const range = selection.getRangeAt(0);
  const [first, last] = [range.startContainer, range.endContainer].map((node) => (node.nodeType === 1 ? node : node.parentElement).closest(".words"));
  if (!first || !last) return;
  form.elements.start.value = offsetOf(first, range.startContainer, range.startOffset);
  form.elements.end.value = offsetOf(last, range.endContainer, range.endOffset);
  form.elements.quote.value = selection.toString();
});

const chosen = document.querySelector(".words mark.chosen") ?? document.querySelector(".words .k-hit");
const name = new URL(location.href).searchParams.get("finding");
if (name) {
  show([name]);
  document.querySelector(`mark[data-f="${CSS.escape(name)}"]`)?.scrollIntoView({ block: "center" });
} else if (chosen && !location.hash) chosen.scrollIntoView({ block: "center" });
